// Reports of one template on their way to the adapter: one batch is filled while the one before is
// sent. A batch that fails is sent again, with the same id, until its attempts are used up. Without
// a session none is sent, and no attempt counts.
// Bounded: what fits in neither is dropped and counted. Hot: memory is taken while configuring.

import {
  Answer,
  BYPASS_ATTEMPT_COUNT_MAX,
  BYPASS_BATCH_SIZE_MAX_BYTES,
  Connection,
  NO_CALL,
  Region,
  Slice,
  Writer,
  slice,
} from "../../assembly/sdk";
import { RequestTail } from "./request-tail";

const SIZE_MAX_BYTES: usize = BYPASS_BATCH_SIZE_MAX_BYTES;

/** The reports of one template. */
export class ReportBatch {
  private filling: usize;
  private fillingSize: usize = 0;
  private fillingCount: u32 = 0;
  private sending: usize;
  private sendingSize: usize = 0;
  private sendingId: u64 = 0;
  private sendingCount: u32 = 0;
  private token: u32 = NO_CALL;
  private attempts: i32 = 0;
  private waitTicks: i32 = 0;
  private readonly out: Writer = new Writer();

  constructor(
    private readonly service: Slice,
    private readonly method: Slice,
    private readonly tail: RequestTail,
    region: Region,
  ) {
    this.filling = region.take(SIZE_MAX_BYTES);
    this.sending = region.take(SIZE_MAX_BYTES);
  }

  /** Where the next instance is written; `close` takes it in. */
  open(): Writer {
    const left = SIZE_MAX_BYTES - this.fillingSize;
    const room = left > this.tail.size ? left - this.tail.size : 0;
    this.out.open(this.filling + this.fillingSize, room);
    return this.out;
  }

  /** Takes in what was written; false when it did not fit. */
  close(): bool {
    if (this.out.isTruncated) return false;
    this.fillingSize += this.out.size;
    this.fillingCount++;
    return true;
  }

  /** Sends what has been filled; false when there is nothing, or the batch before is on its way. */
  send(connection: Connection): bool {
    if (this.fillingCount == 0 || this.sendingCount > 0 || !this.tail.isReady) return false;
    const freed = this.sending;
    this.sending = this.filling;
    this.sendingSize = this.fillingSize;
    this.sendingId = this.tail.next();
    this.sendingCount = this.fillingCount;
    this.filling = freed;
    this.fillingSize = 0;
    this.fillingCount = 0;
    this.attempts = 0;
    this.call(connection);
    return true;
  }

  /** Sends what is due. Answers how many instances were given up. */
  tick(connection: Connection): u32 {
    if (this.token == NO_CALL && this.sendingCount > 0 && this.tail.isReady) {
      if (--this.waitTicks > 0) return 0;
      if (this.attempts >= BYPASS_ATTEMPT_COUNT_MAX) return this.giveUp();
      this.call(connection);
    }
    this.send(connection);
    return 0;
  }

  /** Takes an answer if it is for this batch. */
  take(answer: Answer): bool {
    if (this.token == NO_CALL || answer.token != this.token) return false;
    this.token = NO_CALL;
    if (answer.isAnswered && answer.grpcStatus == 0) this.sendingCount = 0;
    else this.waitTicks = 1 << this.attempts;
    return true;
  }

  /** Nothing is sent any more. Answers how many instances are lost. */
  end(): u32 {
    const count = this.fillingCount + this.sendingCount;
    this.fillingCount = 0;
    this.sendingCount = 0;
    return count;
  }

  private call(connection: Connection): void {
    this.attempts++;
    connection.remainingMs = 0;
    // The session may be another one than at the attempt before.
    this.out.open(this.sending + this.sendingSize, SIZE_MAX_BYTES - this.sendingSize);
    this.tail.write(this.out, this.sendingId);
    const size = this.sendingSize + this.out.size;
    this.token = connection.grpc(this.service, this.method, slice(this.sending, size));
    if (this.token == NO_CALL) this.waitTicks = 1 << this.attempts;
  }

  private giveUp(): u32 {
    const count = this.sendingCount;
    this.sendingCount = 0;
    return count;
  }
}
