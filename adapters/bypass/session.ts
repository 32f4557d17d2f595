// A session with the adapter: validated, created on the tick until that succeeds, and begun anew
// when the adapter no longer knows it. While there is none nothing is asked. What the adapter
// answers is parsed as hostile. Hot: memory is taken while configuring.

import {
  Answer,
  BYPASS_SESSION_ID_SIZE_MAX_BYTES,
  BYPASS_SESSION_WAIT_MAX_MS,
  BYPASS_SESSION_WAIT_MS,
  Code,
  Connection,
  NO_CALL,
  Region,
  Slice,
  WireReader,
  Writer,
  emptySlice,
  isPresent,
  literal,
  markArena,
  releaseArena,
  sizeOf,
  slice,
  startOf,
  takeArena,
  wallClockNanos,
  writeBytesField,
  writeTextField,
} from "../../assembly/sdk";
import { closeLater, takeClosing } from "./closing-sessions";
import { RequestTail } from "./request-tail";
import { WhyNoSession, logNoSession, logSession } from "./session-log";

const SERVICE = literal("istio.mixer.adapter.model.v1beta1.InfrastructureBackend");
const VALIDATE = literal("Validate");
const CREATE_SESSION = literal("CreateSession");
const CLOSE_SESSION = literal("CloseSession");
/** What the protocol says that the id's Any is called. */
const ID_TYPE = literal("google.protobuf.Any.type_url");
const HEADS_SIZE_BYTES: usize = 64;
const ID_SIZE_MAX_BYTES: usize = BYPASS_SESSION_ID_SIZE_MAX_BYTES;
/** Bytes of a session's Any at most. */
export const SESSION_ANY_SIZE_MAX_BYTES: usize = ID_SIZE_MAX_BYTES + HEADS_SIZE_BYTES;
const NANOS_PER_MS: u64 = 1_000_000;

const enum State {
  /** Nothing is agreed. */
  None = 0,
  /** The adapter has taken the configuration. */
  Valid = 1,
  Open = 2,
}

const answered = new WireReader();
const part = new WireReader();
const out = new Writer();

/** The session of one handler. */
export class Session {
  private state: State = State.None;
  private token: u32 = NO_CALL;
  private dueNs: u64 = 0;
  private waitMs: u64 = BYPASS_SESSION_WAIT_MS;
  private why: WhyNoSession = WhyNoSession.None;
  /** The id as the calls carry it, and where it begins. */
  private readonly any: usize;
  private readonly id: usize;
  private idSize: usize = 0;

  constructor(
    private readonly handlerName: Slice,
    private readonly cluster: Slice,
    private readonly tail: RequestTail,
    /** ValidateRequest and CreateSessionRequest at once. */
    private readonly request: Slice,
    region: Region,
  ) {
    this.any = region.take(SESSION_ANY_SIZE_MAX_BYTES);
    this.id = region.take(ID_SIZE_MAX_BYTES);
    tail.shut(SESSION_ANY_SIZE_MAX_BYTES);
  }

  /** Asks for a session that is due, and closes one that is over. */
  tick(connection: Connection, nowNs: u64): void {
    this.closeOne(connection);
    if (this.state == State.Open || this.token != NO_CALL || nowNs < this.dueNs) return;
    this.ask(connection, nowNs);
  }

  /** Takes an answer if it is for the session. */
  take(answer: Answer, connection: Connection): bool {
    if (this.token == NO_CALL || answer.token != this.token) return false;
    this.token = NO_CALL;
    const nowNs = wallClockNanos();
    if (!answer.isAnswered) this.fail(WhyNoSession.NoAnswer, emptySlice(), nowNs);
    else if (answer.grpcStatus != Code.Ok) {
      this.fail(WhyNoSession.CallRefused, emptySlice(), nowNs);
    } else if (this.state == State.None) this.validated(answer.body(), connection, nowNs);
    else this.created(answer.body(), nowNs);
    return true;
  }

  /** The adapter has answered a call of this session as it should. */
  served(): void {
    this.waitMs = BYPASS_SESSION_WAIT_MS;
  }

  /**
   * The adapter has refused a call. Which status says that it does not know the session is not for
   * the protocol to tell, so whatever may say so begins a new one: not at once again and again, but
   * after the wait that doubles until a call is served.
   */
  refused(status: i32): void {
    if (this.state != State.Open || !mayMeanForgotten(status)) return;
    const nowNs = wallClockNanos();
    this.over();
    this.fail(WhyNoSession.Forgotten, emptySlice(), nowNs);
  }

  /** The handler ends. */
  end(): void {
    if (this.state == State.Open) this.over();
  }

  private ask(connection: Connection, nowNs: u64): void {
    connection.remainingMs = 0;
    const method = this.state == State.None ? VALIDATE : CREATE_SESSION;
    this.token = connection.grpc(SERVICE, method, this.request);
    if (this.token == NO_CALL) this.fail(WhyNoSession.NoAnswer, emptySlice(), nowNs);
  }

  private validated(body: Slice, connection: Connection, nowNs: u64): void {
    if (!this.isGood(body, 1, nowNs)) return;
    this.state = State.Valid;
    this.ask(connection, nowNs);
  }

  private created(body: Slice, nowNs: u64): void {
    if (!this.isGood(body, 2, nowNs)) return;
    answered.open(body);
    let id = emptySlice();
    while (answered.next()) if (answered.isBytes(1)) id = answered.bytes;
    const size = sizeOf(id);
    if (size == 0 || size > ID_SIZE_MAX_BYTES) {
      this.fail(WhyNoSession.BadId, emptySlice(), nowNs);
      return;
    }
    memory.copy(this.id, startOf(id), size);
    this.idSize = size;
    out.open(this.any, SESSION_ANY_SIZE_MAX_BYTES);
    writeTextField(out, 1, ID_TYPE);
    writeBytesField(out, 2, slice(this.id, size));
    this.state = State.Open;
    this.tail.open(out.written);
    if (this.why != WhyNoSession.None) logSession(this.handlerName);
    this.why = WhyNoSession.None;
  }

  // Whether an answer is well formed and its status, in this field, says OK. Notes why not.
  private isGood(body: Slice, field: u32, nowNs: u64): bool {
    let status = emptySlice();
    answered.open(body);
    while (isPresent(body) && answered.next()) if (answered.isBytes(field)) status = answered.bytes;
    if (!isPresent(body) || answered.isBroken) {
      this.fail(WhyNoSession.NotUnderstood, emptySlice(), nowNs);
      return false;
    }
    let code: u64 = 0;
    let message = emptySlice();
    part.open(status);
    while (part.next()) {
      if (part.isVarint(1)) code = part.number;
      else if (part.isBytes(2)) message = part.bytes;
    }
    if (!part.isBroken && code == 0) return true;
    this.fail(part.isBroken ? WhyNoSession.NotUnderstood : WhyNoSession.Refused, message, nowNs);
    return false;
  }

  private fail(why: WhyNoSession, message: Slice, nowNs: u64): void {
    this.state = State.None;
    this.token = NO_CALL;
    this.dueNs = nowNs + this.waitMs * NANOS_PER_MS;
    this.waitMs = min<u64>(this.waitMs * 2, BYPASS_SESSION_WAIT_MAX_MS);
    if (this.why != why) logNoSession(this.handlerName, why, message);
    this.why = why;
  }

  private over(): void {
    this.state = State.None;
    this.tail.shut(SESSION_ANY_SIZE_MAX_BYTES);
    closeLater(this.cluster, slice(this.id, this.idSize));
    this.idSize = 0;
  }

  private closeOne(connection: Connection): void {
    const mark = markArena();
    const room = takeArena(ID_SIZE_MAX_BYTES);
    const message = takeArena(SESSION_ANY_SIZE_MAX_BYTES);
    const id = room == 0 || message == 0 ? emptySlice() : takeClosing(this.cluster, room);
    if (sizeOf(id) > 0) {
      out.open(message, SESSION_ANY_SIZE_MAX_BYTES);
      writeBytesField(out, 1, id);
      connection.remainingMs = 0;
      connection.grpc(SERVICE, CLOSE_SESSION, out.written);
    }
    releaseArena(mark);
  }
}

// What servers say of a thing that they do not know; UNKNOWN is Go's for any error.
function mayMeanForgotten(status: i32): bool {
  switch (status) {
    case Code.Unknown:
    case Code.InvalidArgument:
    case Code.NotFound:
    case Code.FailedPrecondition:
    case Code.Unauthenticated:
      return true;
    default:
      return false;
  }
}
