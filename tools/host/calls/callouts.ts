// Host calls that ask elsewhere: HTTP, gRPC, DNS. They are only recorded; the test or the clock brings the answers.

import { Status } from '../abi.ts';
import { toText } from '../bytes.ts';
import { HeaderMap } from '../headers.ts';
import type { Entry } from '../headers.ts';
import { unpackPairs } from '../pairs.ts';
import { bytesField, parseMessage } from '../protobuf.ts';
import type { Four, One, Three } from '../results.ts';
import type { Vm } from '../vm.ts';

type N = number;
type Ten = readonly [N, N, N, N, N, N, N, N, N, N];
type Nine = readonly [N, N, N, N, N, N, N, N, N];
type Twelve = readonly [N, N, N, N, N, N, N, N, N, N, N, N];

/** The low two bits of a token tell the kind of call. */
const KIND = { HTTP: 0, GRPC: 1, STREAM: 2 } as const;

export const calloutCalls = {
  proxy_http_call(vm: Vm, args: Ten): number {
    const [
      clusterAt,
      clusterSize,
      headersAt,
      headersSize,
      bodyAt,
      bodySize,
      trailersAt,
      trailersSize,
      ms,
      out,
    ] = args;
    const cluster = toText(vm.memory.readBinary(clusterAt, clusterSize));
    const headers = unpackPairs(vm.memory.read(headersAt, headersSize));
    const body = vm.memory.read(bodyAt, bodySize);
    const trailers = unpackPairs(vm.memory.read(trailersAt, trailersSize));
    vm.memory.writeU32(out, 0);
    const { root } = vm;
    const { clusters } = vm.process;
    if (root === null || ms < 0 || clusters.unknown.has(cluster)) return Status.BAD_ARGUMENT;
    const map = new HeaderMap('request', headers);
    if (['path', 'method', 'authority'].some((name) => map.get(`:${name}`) === undefined))
      return Status.BAD_ARGUMENT;
    if (body.length > 0) map.replace('content-length', String(body.length));
    if (clusters.empty.has(cluster)) {
      vm.callouts.newToken('http');
      return Status.INTERNAL_FAILURE;
    }
    const request = {
      cluster,
      headers: map.entries,
      body,
      trailers,
      timeoutMs: ms,
      service: '',
      method: '',
    };
    vm.memory.writeU32(out, vm.callouts.start(root, { kind: 'http', ...request }));
    return Status.OK;
  },

  proxy_grpc_call(vm: Vm, args: Twelve): number {
    const target = readTarget(vm, args);
    const body = vm.memory.read(args[8], args[9]);
    return startGrpc(vm, { ...target, body, kind: 'grpc', timeoutMs: args[10], out: args[11] });
  },

  proxy_grpc_stream(vm: Vm, args: Nine): number {
    const target = readTarget(vm, args);
    return startGrpc(vm, {
      ...target,
      body: new Uint8Array(0),
      kind: 'grpcStream',
      timeoutMs: 0,
      out: args[8],
    });
  },

  proxy_grpc_send(vm: Vm, [token, at, size, end]: Four): number {
    const message = vm.memory.read(at, size);
    if ((token & 3) !== KIND.STREAM) return Status.BAD_ARGUMENT;
    const call = vm.callouts.get(token);
    if (call === undefined) return Status.NOT_FOUND;
    call.messages.push(message);
    if (end !== 0) call.halfClosed = true;
    return Status.OK;
  },

  proxy_grpc_cancel: (vm: Vm, [token]: One): number => endGrpc(vm, token, true),

  /** Ends our side of a stream; cancels a call. */
  proxy_grpc_close: (vm: Vm, [token]: One): number => endGrpc(vm, token, (token & 3) === KIND.GRPC),

  envoy_resolve_dns(vm: Vm, [, size, out]: Three): number {
    if (size === 0) return Status.BAD_ARGUMENT;
    vm.memory.writeU32(out, 0);
    return Status.UNIMPLEMENTED;
  },
};

interface GrpcTarget {
  readonly target: Uint8Array;
  readonly service: string;
  readonly method: string;
  readonly headers: readonly Entry[];
}

function readTarget(vm: Vm, args: Nine | Twelve): GrpcTarget {
  const [
    targetAt,
    targetSize,
    serviceAt,
    serviceSize,
    methodAt,
    methodSize,
    metadataAt,
    metadataSize,
  ] = args;
  return {
    target: vm.memory.read(targetAt, targetSize),
    service: toText(vm.memory.readBinary(serviceAt, serviceSize)),
    method: toText(vm.memory.readBinary(methodAt, methodSize)),
    headers: unpackPairs(vm.memory.read(metadataAt, metadataSize)),
  };
}

interface GrpcStart extends GrpcTarget {
  readonly body: Uint8Array;
  readonly kind: 'grpc' | 'grpcStream';
  readonly timeoutMs: number;
  readonly out: number;
}

function startGrpc(vm: Vm, { target, out, ...call }: GrpcStart): number {
  const { root } = vm;
  if (root === null) return Status.BAD_ARGUMENT;
  const named = serviceCluster(vm, target);
  const cluster = named ?? toText(Buffer.from(target).toString('latin1'));
  const { unknown, empty } = vm.process.clusters;
  if (named === undefined && unknown.has(cluster)) return Status.PARSE_FAILURE;
  if (unknown.has(cluster) || empty.has(cluster)) {
    // The token slot stays as it was, and yet a close follows, with a token that the guest never saw.
    const token = vm.callouts.newToken(call.kind);
    vm.defer(() => vm.callouts.closeUnknown(root, token));
    return Status.INTERNAL_FAILURE;
  }
  vm.memory.writeU32(out, vm.callouts.start(root, { ...call, cluster, trailers: [] }));
  return Status.OK;
}

/** The cluster named in a GrpcService; undefined when the bytes are no protobuf and so a plain cluster name. */
function serviceCluster(vm: Vm, target: Uint8Array): string | undefined {
  const fields = parseMessage(target);
  if (fields === null) return undefined;
  const envoyGrpc = bytesField(fields, 1);
  if (envoyGrpc === undefined) {
    return vm.process.crash(
      `a gRPC service that parses as protobuf without a target (panic: unset oneof)`,
    );
  }
  const name = bytesField(parseMessage(envoyGrpc) ?? [], 1) ?? new Uint8Array(0);
  return Buffer.from(name).toString('utf8');
}

function endGrpc(vm: Vm, token: number, cancels: boolean): number {
  if ((token & 3) !== KIND.GRPC && (token & 3) !== KIND.STREAM) return Status.BAD_ARGUMENT;
  const call = vm.callouts.get(token);
  if (call === undefined) return Status.NOT_FOUND;
  if (cancels) vm.callouts.cancel(token);
  else call.halfClosed = true;
  return Status.OK;
}
