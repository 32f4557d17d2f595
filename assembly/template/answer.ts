// The answer to a callout: read only while its callback runs, and only as far as a bound allows.
// Hot: what is read lies in the arena and comes from a backend, which may be anybody.

import { BufferKind, Code, HeaderMap } from "../shared/abi";
import { CALLOUT_ANSWER_SIZE_MAX_BYTES } from "../shared/limits";
import { literal } from "../memory/literal";
import { FAILED, Slice, emptySlice, endOf, isPresent, startOf } from "../memory/slice";
import { readBuffer, readBufferPart } from "../abi/buffers";
import { readCallStatusText } from "../abi/callouts";
import { readHeader } from "../abi/headers";

const STATUS = literal(":status");
const BAD_GATEWAY: i32 = 502;
const GATEWAY_TIMEOUT: i32 = 504;

/** What kind of call is answered. */
export const enum AnswerKind {
  /** Nobody answered, and nobody will: the time of the action is over. */
  None = 0,
  Http = 1,
  Grpc = 2,
}

/** The answer to one callout. One instance for each VM, filled for each answer. */
export class Answer {
  token: u32 = 0;
  kind: AnswerKind = AnswerKind.None;
  /** How many headers the host announced; 0 for gRPC, and where the connection broke. */
  headerCount: u32 = 0;
  /** How many bytes body or message have. */
  bodySize: u32 = 0;
  /** The status of a gRPC call; OK when it came with a message. */
  grpcStatus: i32 = 0;
  private httpStatus: i32 = -1;

  /** Fills in the answer to an HTTP call. The engine calls it. */
  setHttp(token: u32, headerCount: u32, bodySize: u32): void {
    this.set(token, AnswerKind.Http, headerCount, bodySize, 0);
  }

  /** Fills in the answer to a gRPC call. The engine calls it. */
  setGrpc(token: u32, status: i32, messageSize: u32): void {
    this.set(token, AnswerKind.Grpc, 0, messageSize, status);
  }

  /** Nobody answered in time. The engine calls it. */
  setNone(token: u32): void {
    this.set(token, AnswerKind.None, 0, 0, Code.DeadlineExceeded);
  }

  /**
   * Whether the backend itself answered. Envoy answers in its place with 502 (what came is no
   * HTTP), 503 (refused, reset, no endpoint) and 504 (timeout), for gRPC with UNAVAILABLE; a
   * backend that says the same is treated alike, for nobody could tell them apart.
   */
  get isAnswered(): bool {
    if (this.kind == AnswerKind.Http) {
      const status = this.status;
      const isEnvoys = status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT;
      return this.headerCount > 0 && !isEnvoys;
    }
    const status = this.grpcStatus;
    return (
      this.kind == AnswerKind.Grpc &&
      status != Code.Unavailable &&
      status != Code.DeadlineExceeded &&
      status != Code.Cancelled
    );
  }

  /** The rpc code of a failure to answer: DEADLINE_EXCEEDED or UNAVAILABLE. */
  get failureCode(): i32 {
    if (this.kind == AnswerKind.None) return Code.DeadlineExceeded;
    if (this.kind == AnswerKind.Grpc) {
      return this.grpcStatus == Code.DeadlineExceeded ? Code.DeadlineExceeded : Code.Unavailable;
    }
    return this.status == GATEWAY_TIMEOUT ? Code.DeadlineExceeded : Code.Unavailable;
  }

  /** The HTTP status; 0 when there is none. */
  get status(): i32 {
    if (this.httpStatus < 0) this.httpStatus = this.readStatus();
    return this.httpStatus;
  }

  /** The first value of a header; ABSENT without it. `name` in lower case. */
  header(name: Slice): Slice {
    return this.headerCount == 0 ? 0 : readHeader(HeaderMap.CalloutHeaders, name);
  }

  /** Whether the body or message is larger than what `body` reads. */
  get isTooLarge(): bool {
    return this.bodySize > <u32>CALLOUT_ANSWER_SIZE_MAX_BYTES;
  }

  /** The body of an HTTP answer or the message of a gRPC one; empty when it is too large. */
  body(): Slice {
    if (this.bodySize == 0 || this.isTooLarge) return emptySlice();
    const kind = this.kind == AnswerKind.Grpc ? BufferKind.GrpcMessage : BufferKind.CalloutBody;
    const bytes = readBuffer(kind, this.bodySize);
    return bytes == FAILED ? emptySlice() : bytes;
  }

  /** Up to `sizeMax` bytes of the body from `start`, for bodies larger than `body` reads. */
  bodyPart(start: u32, sizeMax: u32): Slice {
    if (start >= this.bodySize) return emptySlice();
    return readBufferPart(BufferKind.CalloutBody, start, min(sizeMax, this.bodySize - start));
  }

  /** The text of a gRPC status. */
  statusText(): Slice {
    return this.kind == AnswerKind.Grpc ? readCallStatusText() : emptySlice();
  }

  private set(token: u32, kind: AnswerKind, headerCount: u32, bodySize: u32, status: i32): void {
    this.token = token;
    this.kind = kind;
    this.headerCount = headerCount;
    this.bodySize = bodySize;
    this.grpcStatus = status;
    this.httpStatus = -1;
  }

  private readStatus(): i32 {
    const text = this.header(STATUS);
    if (!isPresent(text)) return 0;
    let status = 0;
    const end = endOf(text);
    for (let at = startOf(text); at < end; at++) {
      const digit = <i32>load<u8>(at) - 48;
      if (digit < 0 || digit > 9 || status > 99) return 0;
      status = status * 10 + digit;
    }
    return status;
  }
}
