// Host calls that steer a stream. All act only after the callback has returned. At the wrong time they kill Envoy:
// those times are known, and here they end the test.

import { Status, StreamType } from '../abi.ts';
import type { StreamContext } from '../contexts.ts';
import { unpackPairs } from '../pairs.ts';
import type { One } from '../results.ts';
import type { Vm } from '../vm.ts';

type Eight = readonly [number, number, number, number, number, number, number, number];

export const streamCalls = {
  proxy_continue_stream(vm: Vm, [type]: One): number {
    if (type === StreamType.UPSTREAM) return Status.UNIMPLEMENTED;
    if (type >>> 0 > StreamType.UPSTREAM) return Status.BAD_ARGUMENT;
    const { context } = vm;
    if (context.kind === 'connection' && type === StreamType.DOWNSTREAM)
      vm.defer(() => context.control.resume());
    if (context.kind !== 'stream') return Status.OK;
    if (type === StreamType.REQUEST) vm.defer(() => context.control.continueRequest());
    if (type === StreamType.RESPONSE) continueResponse(vm, context);
    // Envoy drops the request's pointers for both directions, and leaves the response's as they are.
    context.requestHeaders = null;
    context.requestBody = null;
    context.requestTrailers = null;
    return Status.OK;
  },

  proxy_close_stream(vm: Vm, [type]: One): number {
    if (type >>> 0 > StreamType.UPSTREAM) return Status.BAD_ARGUMENT;
    const { context } = vm;
    if (context.kind === 'connection' && type >= StreamType.DOWNSTREAM)
      vm.defer(() => context.control.closeByFilter());
    if (context.kind !== 'stream' || type >= StreamType.DOWNSTREAM) return Status.OK;
    assertNotEnding(vm, context, 'close_stream');
    vm.defer(() => context.control.resetStream());
    return Status.OK;
  },

  proxy_send_local_response(vm: Vm, args: Eight): number {
    const [status, detailsAt, detailsSize, bodyAt, bodySize, headersAt, headersSize, grpcStatus] =
      args;
    const body = vm.memory.readBinary(bodyAt, bodySize);
    const headers = unpackPairs(vm.memory.read(headersAt, headersSize));
    const details = vm.memory.readBinary(detailsAt, detailsSize).replace(/[ \t\r\n\v\f]/g, '_');
    const { context } = vm;
    if (context.kind !== 'stream') return Status.OK;
    assertNotEnding(vm, context, 'send_local_response');
    if (headers.some(([, value]) => /[\r\n\0]/.test(value))) {
      vm.process.crash(
        'CR, LF or NUL in a header of a local reply goes out as it is: response splitting',
      );
    }
    context.replied = true;
    vm.defer(() => context.control.sendLocalReply({ status, details, body, headers, grpcStatus }));
    return Status.OK;
  },
};

/** Every case was run on Envoy 1.40: most of them end in SIGSEGV, the one in the headers in a broken answer. */
function continueResponse(vm: Vm, context: StreamContext): void {
  const { control, phase } = context;
  if (isEnding(context) || context.replied) return;
  if (!control.responseBegun)
    vm.process.crash(`continue_stream(response) before there is a response, in ${phase}`);
  if (phase === 'responseHeaders')
    vm.process.crash('continue_stream(response) in on_response_headers itself');
  if (phase !== 'idle' && control.responseHeld) {
    vm.process.crash(`continue_stream(response) in ${phase} while the body is held back`);
  }
  vm.defer(() => control.continueResponse());
}

function assertNotEnding(vm: Vm, context: StreamContext, call: string): void {
  if (isEnding(context)) vm.process.crash(`${call} in on_${context.phase}`);
}

function isEnding({ phase }: StreamContext): boolean {
  return phase === 'log' || phase === 'done' || phase === 'delete';
}
