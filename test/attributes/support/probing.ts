// Documents that show attributes: as the JSON body of a denial at the check, and as a line of the log at the end.

/** Name in the output → expression. */
export type Probes = Readonly<Record<string, string>>;

export interface Probing {
  /** Shown by requests that ask for it in `x-show`. */
  readonly check?: Probes;
  /** Shown by every request, when it is over. */
  readonly log?: Probes;
  readonly attributes?: object;
  /** What requests say in `x-show` to be shown; `check` unless given. */
  readonly show?: string;
}

/** What stands for an attribute that is not there, by its type. */
const ABSENT: Readonly<Record<string, string>> = {
  STRING: '"(absent)"',
  INT64: '424242',
  DOUBLE: '4242.5',
  BOOL: 'false',
  TIMESTAMP: 'timestamp("1970-01-01T00:00:00Z")',
  DURATION: '"424242s"',
  IP_ADDRESS: 'ip("192.0.2.99")',
  STRING_MAP: 'emptyStringMap()',
};

/** The attribute, or what stands for it when it is not there. */
export function orAbsent(name: string, type = 'STRING'): string {
  return `${name} | ${ABSENT[type] ?? ''}`;
}

/** A document with these attributes in view. */
export function probingDocument({ check, log, attributes, show = 'check' }: Probing): object {
  return {
    ...(attributes === undefined ? {} : { attributes }),
    handlers: [
      { name: 'no', adapter: 'denier', params: { status: { code: 7 } } },
      { name: 'log', adapter: 'stdio' },
    ],
    instances: [
      ...(log === undefined
        ? []
        : [{ name: 'seen', template: 'logentry', params: { variables: log } }]),
    ],
    rules: [
      ...(check === undefined
        ? []
        : [
            {
              name: 'shown',
              match: `request.headers["x-show"] == "${show}"`,
              actions: [{ handler: 'no' }],
              response: { json: check },
            },
          ]),
      ...(log === undefined
        ? []
        : [{ name: 'logged', actions: [{ handler: 'log', instances: ['seen'] }] }]),
    ],
  };
}

/** The lines of the log that `seen` gave, oldest first. */
export function seenLines(log: string): Record<string, unknown>[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"instance":"seen"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{"level"'))) as Record<string, unknown>);
}
