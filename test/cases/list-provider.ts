// A list in the emulator with a provider that a test plays: what it serves, and what becomes of it.

import { join } from 'node:path';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';
import type { CallAnswer, CallFailure, HostOptions } from '../../tools/host/types.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
/** Ticks come twice a second: one asks, the next one builds, the third has counted. */
const FETCH_MS = 1_500;
const URL = 'http://lists.test/list';

export interface ListOptions {
  readonly params: Readonly<Record<string, unknown>>;
  readonly value?: string;
  readonly host?: Partial<HostOptions>;
  readonly handler?: object;
}

/** A list that is fetched from this object. */
export class ProvidedList {
  readonly host: Host;
  /** What the next calls are answered with; undefined leaves them pending. */
  answer: CallAnswer | CallFailure | undefined;
  /** Headers of the calls that came. */
  readonly calls: [string, string][][] = [];

  private constructor(host: Host) {
    this.host = host;
    host.answerCalls((call) => {
      this.calls.push([...call.headers]);
      return this.answer;
    });
  }

  /** Loads the document; nothing runs yet. */
  static async load({ params, value, host, handler }: ListOptions): Promise<ProvidedList> {
    const configuration = listDocument(params, value, handler);
    return new ProvidedList(await Host.load({ wasm: WASM, configuration, ...host }));
  }

  /** Loads, starts, and serves a body. */
  static async serve(options: ListOptions, body: string): Promise<ProvidedList> {
    const list = await ProvidedList.load(options);
    list.answer = { body };
    if (!list.host.start()) throw new Error(list.logText);
    list.pass(FETCH_MS);
    return list;
  }

  /** Time passes, with ticks. */
  pass(ms: number): void {
    this.host.advance(ms);
  }

  /** The status of a request with this value. */
  check(value: string, worker = 0): number {
    return this.host.request({ headers: [['x-value', value]] }, worker).status;
  }

  /** The body of the answer to a request with this value. */
  reason(value: string): string {
    return this.host.request({ headers: [['x-value', value]] }).body;
  }

  /** A metric of the list; 0 where it does not exist. */
  metric(name: string, result?: string): number {
    const labels = result === undefined ? '' : `;result=${result}`;
    const found = this.host.metrics().get(`mixer_list_${name}.handler=checker${labels};`) ?? 0;
    return typeof found === 'number' ? found : Number.NaN;
  }

  /** How many attempts brought no list. */
  get failures(): number {
    return this.metric('fetches_total', 'failed') + this.metric('fetches_total', 'refused');
  }

  get logText(): string {
    return this.host.logs.map(({ text }) => text).join('\n');
  }
}

/** A document with one list and one rule. */
export function listDocument(
  params: object,
  value = 'request.headers["x-value"] | ""',
  handler: object = {},
): string {
  return JSON.stringify({
    handlers: [
      { name: 'checker', adapter: 'list', params: { providerUrl: URL, ...params }, ...handler },
    ],
    instances: [{ name: 'value', template: 'listentry', params: { value } }],
    rules: [{ name: 'rule', actions: [{ handler: 'checker', instances: ['value'] }] }],
  });
}
