// What a request gets, by backend, fault and onError: one document asks every backend for every fault, and the answers
// stand in one table, in build/fault-matrix.txt, which `npm test` prints.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from '../../../tools/build/root.ts';

/** The words of onError. */
export const ON_ERROR = ['DENY', 'ALLOW'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** Where `npm test` finds the table. */
export const FAULT_MATRIX_FILE = join(ROOT, 'build', 'fault-matrix.txt');

/** How each kind of backend is asked. */
const ADAPTERS: Readonly<Record<string, Asking>> = {
  opa: { params: { validDuration: '0s' } },
  extauthz: { params: {} },
  redisquota: {
    params: {
      fallback: 'NONE',
      quotas: [{ name: 'each', maxAmount: 1_000, validDuration: '1m' }],
    },
    instances: ['each'],
  },
  list: {
    params: { refreshInterval: '10m', ttl: '1h' },
    instances: [{ template: 'listentry', params: { value: 'request.url_path' } }],
    isFetched: true,
  },
  bypass: {
    params: {},
    instances: [{ template: 'listentry', params: { value: 'request.url_path' } }],
  },
};

interface Asking {
  readonly params: object;
  /** Left out: the adapter's standard ones. */
  readonly instances?: readonly (string | object)[];
  /** Whether it asks ahead, at a URL. */
  readonly isFetched?: true;
}

/** Adapters that speak HTTP; the others speak gRPC. */
const HTTP: readonly string[] = ['opa', 'list'];

/** A way to fail, and where it is found. */
export interface Fault {
  readonly name: string;
  readonly connection: { readonly address: string } | { readonly cluster: string };
  /** Whether it takes gRPC to fail in this way. */
  readonly isGrpc?: boolean;
}

/** Adapters of which this module has one. */
export function backends(built: readonly string[]): string[] {
  return Object.keys(ADAPTERS).filter((adapter) => built.includes(adapter));
}

/** Whether a backend can fail in this way. */
export function canFail(adapter: string, isGrpc: boolean): boolean {
  return !isGrpc || !HTTP.includes(adapter);
}

/** The path of a request that asks this backend. */
export function pathOf(adapter: string, fault: string, onError: OnError): string {
  return `/${adapter}/${nameOf(fault)}/${onError.toLowerCase()}`;
}

/** A document with a rule for each backend, fault and onError. */
export function faultDocument(
  adapters: readonly string[],
  faults: readonly Fault[],
  timeoutMs: number,
): object {
  const pairs = adapters.flatMap((adapter) =>
    faults
      .filter((fault) => canFail(adapter, fault.isGrpc === true))
      .map((fault) => ({ adapter, fault })),
  );
  return {
    handlers: pairs.map(({ adapter, fault }) => ({
      name: `${adapter}-${nameOf(fault.name)}`,
      adapter,
      ...askingAt(adapter, fault.connection, `${timeoutMs}ms`),
    })),
    instances: [{ name: 'each', template: 'quota' }],
    rules: pairs.flatMap(({ adapter, fault }) =>
      ON_ERROR.map((onError) => ({
        name: `${adapter}-${nameOf(fault.name)}-${onError.toLowerCase()}`,
        match: `request.url_path == "${pathOf(adapter, fault.name, onError)}"`,
        actions: [actionOf(adapter, nameOf(fault.name))],
        onError,
      })),
    ),
  };
}

function askingAt(adapter: string, connection: Fault['connection'], timeout: string): object {
  const { params, isFetched } = ADAPTERS[adapter] ?? {};
  if (isFetched !== true) return { connection: { ...connection, timeout }, params };
  const isCluster = 'cluster' in connection;
  const host = isCluster ? 'lists.invalid' : connection.address;
  return {
    connection: isCluster ? { ...connection, timeout } : { timeout },
    params: { ...params, providerUrl: `http://${host}/list` },
  };
}

function actionOf(adapter: string, fault: string): object {
  const { instances } = ADAPTERS[adapter] ?? {};
  return { handler: `${adapter}-${fault}`, ...(instances === undefined ? {} : { instances }) };
}

function nameOf(fault: string): string {
  return fault.replaceAll(/[ :,]+/g, '-');
}

/** Rows of faults, columns of backends and onError. */
export function writeMatrix(
  adapters: readonly string[],
  statuses: ReadonlyMap<string, number>,
  faults: readonly string[],
): void {
  const columns = adapters.flatMap((adapter) => ON_ERROR.map((onError) => ({ adapter, onError })));
  const rows = faults.map((fault) => [
    fault,
    ...columns.map(({ adapter, onError }) =>
      String(statuses.get(pathOf(adapter, fault, onError)) ?? '-'),
    ),
  ]);
  const head = ['the backend …', ...columns.map(({ adapter, onError }) => `${adapter} ${onError}`)];
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  mkdirSync(dirname(FAULT_MATRIX_FILE), { recursive: true });
  writeFileSync(FAULT_MATRIX_FILE, `${lines.join('\n')}\n`);
}
