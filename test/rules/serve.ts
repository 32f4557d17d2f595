// A document in the emulator, ready for requests.

import { Host } from '../../tools/host/host.ts';
import type { HostOptions, RequestInput } from '../../tools/host/types.ts';

/** Starts the module with all adapters; throws with the log when it refuses the document. */
export async function serve(document: unknown, options: Partial<HostOptions> = {}): Promise<Host> {
  const configuration = typeof document === 'string' ? document : JSON.stringify(document);
  const host = await Host.load({ wasm: 'dist/mixer.wasm', configuration, ...options });
  if (!host.start()) throw new Error(`refused:\n${logText(host)}`);
  return host;
}

/** Everything that was logged, a line each. */
export function logText(host: Host): string {
  return host.logs.map((line) => line.text).join('\n');
}

/** A handler that denies with an rpc code. */
export function denier(name: string, code: number, message = ''): object {
  return { name, adapter: 'denier', params: { status: { code, message } } };
}

/** The value of a request header as the upstream got it; undefined when it was not there. */
export function upstreamHeader(
  headers: [string, string][] | null,
  name: string,
): string | undefined {
  return headers?.find(([key]) => key === name)?.[1];
}

/** A GET with these headers. */
export function get(path: string, headers: Record<string, string> = {}): RequestInput {
  return { method: 'GET', path, headers: Object.entries(headers) };
}
