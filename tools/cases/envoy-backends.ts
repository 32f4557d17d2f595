// The backends of a case on a real Envoy: one server for each, on a port of its own, which the clusters of the rendered
// configuration are pointed at; a cluster that the document only names, which an operator would have in Envoy already,
// is added. They answer what the case says, by the clock of the machine.

import { backendCluster } from '../render/cluster.ts';
import type { Config } from '../render/types.ts';
import { Answers } from './answers.ts';
import { isSameCluster } from './emulated-backends.ts';
import { lines } from './script.ts';
import { CaseServer, type ServerAnswer } from './server.ts';
import type { Callout, CalloutAnswer, SeenCall } from './types.ts';

export type Backends = ReadonlyMap<Callout, CaseServer>;

const GRPC_HEAD_SIZE_BYTES = 5;
const LOOPBACK = '127.0.0.1';

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

/** Render's clusters with the backends of the case behind them, and those that the case has beyond them. */
export function withBackends(clusters: readonly Config[], backends: Backends): Config[] {
  const left = new Map(backends);
  const pointed = clusters.map((cluster) => {
    const [callout, server] = [...left].find(([each]) => isFor(each, cluster)) ?? [];
    if (callout === undefined || server === undefined) return cluster;
    left.delete(callout);
    return pointedAt(cluster, server.port);
  });
  const added = [...left].map(([{ cluster: name, protocol = 'http' }, { port }]) =>
    backendCluster({ name, address: `${LOOPBACK}:${port}`, protocol }),
  );
  return [...pointed, ...added];
}

function isFor({ cluster: wanted }: Callout, cluster: Config): boolean {
  const { name } = cluster as { readonly name: string };
  return isSameCluster(wanted, name) || holds(JSON.stringify(cluster), wanted);
}

function pointedAt(cluster: Config, port: number): Config {
  const { dns_lookup_family: _, ...rest } = cluster;
  const address = { socket_address: { address: LOOPBACK, port_value: port } };
  return {
    ...rest,
    type: 'STATIC',
    load_assignment: {
      cluster_name: cluster['name'] ?? '',
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
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
