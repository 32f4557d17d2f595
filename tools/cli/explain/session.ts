// The probe in the emulator: the filter's own lexer, checker, compiler and evaluator behind calls that take text and
// give records. Knows nothing of how anything is shown.

import { join } from 'node:path';
import { ROOT } from '../../build/root.ts';
import { MissingEnvironment } from '../../envoy/errors.ts';
import type { Diagnostic } from '../../host/describe.ts';
import { Host, type Outcome, type RequestInput } from '../../host/host.ts';
import { absolute } from '../../render/defaults.ts';
import { ownEnvironment } from '../../render/describe.ts';
import { moduleFile } from '../module-file.ts';
import type {
  AttributeRecord,
  EvaluationRecord,
  ExpressionRecord,
  LanguageName,
  PhaseName,
  RuleRecord,
} from './records.ts';

const PROBE_PATH = join(ROOT, 'dist', 'probe.wasm');
const PHASES: Readonly<Record<PhaseName, number>> = { any: 0, request: 1, response: 2, log: 4 };

/** The module to ask: the given one or the built one; throws where there is none. */
export function probePath(given?: string): string {
  const advice =
    given === undefined
      ? 'build it with `npm run build` or `mixer build --only probe`, or name another with --probe'
      : 'expected the path of a built probe.wasm';
  return moduleFile(absolute(given ?? PROBE_PATH), 'probe', advice);
}

/** A decision for a recorded request, by the rules as they would run. */
export interface Decision {
  readonly rules: readonly RuleRecord[];
  readonly outcome: Outcome;
  /** What the filter itself logged meanwhile. */
  readonly logs: readonly string[];
}

/** Languages by their numbers in assembly/expression/language.ts. */
const LANGUAGES: Readonly<Record<LanguageName, number>> = { CEXL: 0, CEL: 1 };

export class Session {
  readonly #host: Host;

  private constructor(host: Host) {
    this.#host = host;
  }

  /** Starts the probe with a document that the filter has accepted; "" is the empty one. */
  static async start(wasm: string, document = ''): Promise<Session> {
    const environment = ownEnvironment();
    const host = await Host.load({
      wasm,
      configuration: document,
      pluginName: 'mixer',
      environment,
    });
    if (!host.start())
      throw new MissingEnvironment(
        `${wasm} does not take the document that the filter took: build both anew with \`npm run build\``,
      );
    return new Session(host);
  }

  /** Takes a document for its requests; false where the filter refuses it. */
  useDocument(json: string): boolean {
    return this.#number('explain_document', json) !== 0;
  }

  /** Takes the attributes that a document declares; values then come by hand. */
  useDeclarations(json: string): boolean {
    return this.#number('explain_declarations', json) !== 0;
  }

  /** Takes attribute values; what is wrong with them. */
  useValues(json: string): readonly Diagnostic[] {
    return this.#json('explain_values', json) as readonly Diagnostic[];
  }

  /** Compiles an expression for what has been taken. */
  expression(
    text: string,
    phase: PhaseName,
    isCondition = false,
    language: LanguageName = 'CEXL',
  ): ExpressionRecord {
    this.#host.callExport('explain_language', LANGUAGES[language]);
    const record = this.#json(
      'explain_expression',
      text,
      isCondition ? 1 : 0,
      PHASES[phase],
    ) as ExpressionRecord;
    return { ...record, text };
  }

  /** Evaluates it for the values by hand. */
  evaluate(): EvaluationRecord {
    return this.#parsed(this.#host.callExport('explain_evaluate', 0)) as EvaluationRecord;
  }

  /** Evaluates it for a request. */
  evaluateFor(request: RequestInput): EvaluationRecord {
    const stream = this.#host.open(request);
    const record = this.#parsed(
      stream.inspect('explain_evaluate', stream.contextId),
    ) as EvaluationRecord;
    stream.run().close();
    return record;
  }

  /** Explains every rule for a request, and lets the filter decide it. */
  decide(request: RequestInput): Decision {
    const before = this.#host.logs.length;
    const stream = this.#host.open(request);
    const rules = this.#parsed(
      stream.inspect('explain_rules', stream.contextId),
    ) as readonly RuleRecord[];
    const outcome = stream.run().close();
    const logs = this.#host.logs.slice(before).map(({ text }) => text);
    return { rules, outcome, logs };
  }

  #write(text: string): number {
    const bytes = Buffer.from(text);
    this.#host.writeBytes(Number(this.#host.callExport('explain_input', bytes.length)), bytes);
    return bytes.length;
  }

  #number(name: string, text: string): number {
    return Number(this.#host.callExport(name, this.#write(text)));
  }

  #json(name: string, text: string, ...more: number[]): unknown {
    return this.#parsed(this.#host.callExport(name, this.#write(text), ...more));
  }

  /** A slice has its address in the low 32 bits and its size in the high ones. */
  #parsed(slice: number | bigint | undefined): unknown {
    const packed = BigInt.asUintN(64, BigInt(slice ?? 0));
    const bytes = this.#host.readBytes(Number(packed & 0xffff_ffffn), Number(packed >> 32n));
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  }
}

/** Attributes that cost a call of the host, by call: those with one call share it. */
export function callsOf(attributes: readonly AttributeRecord[]): Map<string, string[]> {
  const calls = new Map<string, string[]>();
  for (const { call, name } of attributes)
    if (call !== '') calls.set(call, [...(calls.get(call) ?? []), name]);
  return calls;
}
