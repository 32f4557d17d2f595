// What one beginning of an adapter consists of, and the lines that several of them share.

/** What one beginning brings. */
export interface Sketch {
  readonly template: string;
  /** What the adapter does, after its name: `denies callers …`. */
  readonly does: string;
  /** The class of the field in config.ts, and its declaration. */
  readonly field: 'TextField' | 'IntField';
  readonly param: string;
  /** What the handler is made from, in adapter.ts. */
  readonly argument: string;
  /** The type of that argument. */
  readonly argumentType: string;
  /** Names of the SDK that handler.ts and adapter.ts import beside Handler, Adapter and so on. */
  readonly handlerImports: readonly string[];
  readonly adapterImports: readonly string[];
  /** Constants and methods of handler.ts. */
  readonly constants: string;
  readonly method: string;
  /** The JSON of the standard instances; empty: an action must name its own. */
  readonly standard: string;
  /** A rule's action, the requests that are sent, and what is to be seen. */
  readonly params: string;
  readonly instances: string;
  readonly requests: string;
  readonly expect: string;
  /** The text of template.ts, where the adapter brings a template of its own. */
  readonly templateFile?: string;
}

/** The constant of verdicts that nobody keeps. */
export const NOT_KEPT = `/** Asked again for each request: 0 seconds, 0 uses. */
const NOT_KEPT: Lifetime = new Lifetime(0, 0);
`;

/** The constants of a handler that denies, and says why. */
export function denialConstants(why: string): string {
  return `const DENIED: Slice = literal("${why}");
${NOT_KEPT}`;
}
