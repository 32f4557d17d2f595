// The way from one handler to its backend: the cluster, how long a call may take, and whether the
// backend answers at all. Calls are made through it only; each is counted, and while the circuit is
// open none is made. Hot: built while configuring.

import { Code, LogLevel } from "../shared/abi";
import { CALLOUT_BODY_SIZE_MAX_BYTES } from "../shared/limits";
import { literal } from "../memory/literal";
import { Slice, sizeOf } from "../memory/slice";
import {
  CallFailure,
  GrpcCall,
  GrpcTarget,
  NO_CALL,
  lastCallFailure,
  refuseCall,
  startGrpcCall,
  startHttpCall,
} from "../abi/callouts";
import { monotonicNanos } from "../abi/clock";
import { Answer } from "./answer";
import { CALL_RESULT_COUNT, CallResult } from "./call-result";
import { addCall } from "./call-table";
import { Circuit, CircuitChange } from "./circuit";
import { logConnection } from "./connection-log";
import { CallHead, HttpRequest } from "./http-request";
import { addTraceContext } from "./trace-context";

const NO_SUCH_CLUSTER = literal("Envoy has no cluster of this name");
const CLUSTER_FOUND = literal("Envoy has the cluster now");
const CIRCUIT_OPENED = literal("the backend does not answer; it is not asked for a while");
const CIRCUIT_CLOSED = literal("the backend answers again");

// One for each VM: a call is built and sent within one callback.
const httpRequest = new HttpRequest();
const metadata = new CallHead();
const grpcCall = new GrpcCall();

/** How a connection's calls are repeated: Mixer's NetworkFailPolicy. */
export class RetryPolicy {
  constructor(
    /** How many further attempts a call gets. */
    readonly countMax: i32,
    /** Shortest wait before the first further attempt; it doubles. */
    readonly baseWaitMs: u32,
    readonly maxWaitMs: u32,
  ) {}
}

/** One handler's backend. Lives as long as its root context. */
export class Connection {
  /** Number of the handler in the document's table. */
  handlerNumber: i32 = 0;
  /** What is left of the action's time; the engine sets it before it asks the handler. 0 = all. */
  remainingMs: u32 = 0;
  /** Names the question of a stream: the same for all its attempts. The engine sets it. */
  questionId: u64 = 0;
  /** Counts by CallResult since the last tick. */
  readonly counts: StaticArray<u64> = new StaticArray<u64>(CALL_RESULT_COUNT);
  /** Verdicts that a cache had, and those that had to be asked for, since the last tick. */
  cacheHits: u64 = 0;
  cacheMisses: u64 = 0;
  private readonly circuit: Circuit = new Circuit();
  private isMissing: bool = false;

  constructor(
    readonly handlerName: Slice,
    readonly cluster: Slice,
    readonly authority: Slice,
    readonly target: GrpcTarget,
    readonly timeoutMs: u32,
    readonly retry: RetryPolicy,
  ) {}

  /** Begins an HTTP call with the trace context of the current request. Send it with `http`. */
  request(method: Slice, path: Slice): HttpRequest {
    httpRequest.open(method, path, this.authority);
    addTraceContext(httpRequest.head);
    return httpRequest;
  }

  /** Makes the call that `request` began: its token for `verdict.wait`, or NO_CALL. */
  http(request: HttpRequest): u32 {
    if (!this.mayCall(request.head, request.body)) return NO_CALL;
    const headers = request.head.finish();
    return this.began(startHttpCall(this.cluster, headers, request.body, this.limitMs));
  }

  /** Makes a unary gRPC call: its token for `verdict.wait`, or NO_CALL. */
  grpc(service: Slice, method: Slice, message: Slice): u32 {
    metadata.open();
    addTraceContext(metadata);
    if (!this.mayCall(metadata, message)) return NO_CALL;
    grpcCall.service = service;
    grpcCall.method = method;
    grpcCall.metadata = metadata.finish();
    grpcCall.message = message;
    return this.began(startGrpcCall(this.target, grpcCall, this.limitMs));
  }

  /** An answer has come, or will never come. The engine calls it, once for each call. */
  end(answer: Answer): void {
    if (answer.isAnswered) {
      this.count(CallResult.Answered);
      if (this.circuit.succeed() == CircuitChange.Closed) {
        logConnection(LogLevel.Info, this.handlerName, this.cluster, CIRCUIT_CLOSED);
      }
      return;
    }
    const isLate = answer.failureCode == Code.DeadlineExceeded;
    this.count(isLate ? CallResult.TimedOut : CallResult.Unreachable);
    this.fail();
  }

  /** The stream that asked has ended and the call with it. The engine calls it. */
  abandon(): void {
    this.count(CallResult.Abandoned);
    this.circuit.forget();
  }

  /** Counts a result. */
  // @ts-ignore: decorator
  @inline
  count(result: CallResult): void {
    unchecked((this.counts[result] += 1));
  }

  private get limitMs(): u32 {
    const left = this.remainingMs;
    return left > 0 && left < this.timeoutMs ? left : this.timeoutMs;
  }

  private mayCall(head: CallHead, body: Slice): bool {
    if (head.isBad || sizeOf(body) > <usize>CALLOUT_BODY_SIZE_MAX_BYTES) {
      return this.refuse(CallFailure.BadRequest, CallResult.Refused);
    }
    if (this.circuit.isOpen && !this.circuit.mayCall(monotonicNanos(), this.timeoutMs)) {
      return this.refuse(CallFailure.CircuitOpen, CallResult.CircuitOpen);
    }
    return true;
  }

  private refuse(failure: CallFailure, result: CallResult): bool {
    this.count(result);
    refuseCall(failure);
    return false;
  }

  private began(token: u32): u32 {
    if (token == NO_CALL) {
      this.noteRefusal(lastCallFailure());
      return NO_CALL;
    }
    if (this.isMissing) {
      this.isMissing = false;
      logConnection(LogLevel.Info, this.handlerName, this.cluster, CLUSTER_FOUND);
    }
    addCall(token, changetype<usize>(this));
    return token;
  }

  private noteRefusal(failure: CallFailure): void {
    if (failure == CallFailure.NoEndpoint) {
      this.count(CallResult.NoEndpoint);
      this.fail();
    } else if (failure != CallFailure.UnknownCluster) {
      this.count(CallResult.Refused);
    } else {
      this.count(CallResult.UnknownCluster);
      if (this.isMissing) return;
      this.isMissing = true;
      logConnection(LogLevel.Error, this.handlerName, this.cluster, NO_SUCH_CLUSTER);
    }
  }

  private fail(): void {
    if (this.circuit.fail(monotonicNanos()) == CircuitChange.Opened) {
      logConnection(LogLevel.Warn, this.handlerName, this.cluster, CIRCUIT_OPENED);
    }
  }
}
