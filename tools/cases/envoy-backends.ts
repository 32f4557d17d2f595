// The backends of a case on a real Envoy: one server for each, on a port of its own, which the clusters of the rendered
// configuration are pointed at. They answer what the case says, by the clock of the machine.

import type { Config } from '../render/types.ts';
import { Answers } from './answers.ts';
import { isSameCluster } from './emulated-backends.ts';
import { lines } from './script.ts';
import { CaseServer, type ServerAnswer } from './server.ts';
import type { Callout, CalloutAnswer, SeenCall } from './types.ts';

export type Backends = ReadonlyMap<Callout, CaseServer>;

const GRPC_HEAD_SIZE_BYTES = 5;

export async function startBackends(callouts: readonly Callout[]): Promise<Backends> {
  const servers = new Map<Callout, CaseServer>();
  for (const callout of callouts) {
    const answers = new Answers(callout);
    servers.set(callout, await CaseServer.start(() => serverAnswer(callout, answers.take())));
  }
  return servers;
}

export async function stopBackends(backends: Backends): Promise<void> {
  for (const server of backends.values()) await server.close();
}

/** The port behind a cluster, where the case has a backend for it. */
export function backendPorts(cluster: Config, backends: Backends): number | undefined {
  const { name } = cluster as { readonly name: string };
  const text = JSON.stringify(cluster);
  const [, server] =
    [...backends].find(
      ([callout]) => isSameCluster(callout.cluster, name) || holds(text, callout.cluster),
    ) ?? [];
  return server?.port;
}

/** Calls by the cluster as the case names it; of gRPC the message without its head. */
export function callsOf(backends: Backends): Map<string, SeenCall[]> {
  return new Map(
    [...backends].map(([callout, server]) => [
      callout.cluster,
      server.seen.map((call) =>
        callout.protocol === 'grpc'
          ? { ...call, body: call.body.subarray(GRPC_HEAD_SIZE_BYTES) }
          : call,
      ),
    ]),
  );
}

/** Whether a cluster's endpoint is this address. */
function holds(cluster: string, address: string): boolean {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? [];
  return (
    host !== '' &&
    cluster.includes(`"address":"${host}"`) &&
    cluster.includes(`"port_value":${port}`)
  );
}

function serverAnswer(
  { protocol }: Callout,
  answer: CalloutAnswer & { readonly afterMs: number },
): ServerAnswer {
  const { status = 200, headers, body = '', fails, afterMs } = answer;
  const failing = fails === undefined ? {} : { fails };
  if (protocol !== 'grpc') {
    const chunks = body === '' ? [] : [body];
    return { status, headers: lines(headers), body: chunks, trailers: [], afterMs, ...failing };
  }
  const { message = '', grpcStatus = 0, grpcMessage } = answer;
  return {
    status: 200,
    headers: [['content-type', 'application/grpc'], ...lines(headers)],
    body: grpcStatus === 0 ? [framed(Buffer.from(message, 'base64'))] : [],
    trailers: [
      ['grpc-status', String(grpcStatus)],
      ...(grpcMessage === undefined ? [] : [['grpc-message', grpcMessage] as const]),
    ],
    afterMs,
    ...failing,
  };
}

function framed(message: Buffer): Uint8Array {
  const head = Buffer.alloc(GRPC_HEAD_SIZE_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
