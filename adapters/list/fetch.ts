// The part of the one worker that asks the provider: takes the lease, asks, stores the body of the
// answer as a candidate, and puts it in force once it has been built. Hot: the answer comes in a
// callback in which nothing managed may be made, and in which nothing but storing is done, for it
// comes between requests: the body is hashed on the ticks.

import {
  Answer,
  AnswerKind,
  Connection,
  LIST_BODY_SIZE_MAX_BYTES,
  LIST_CHUNK_SIZE_BYTES,
  LIST_ENTITY_TAG_SIZE_MAX_BYTES,
  NO_CALL,
  Region,
  Slice,
  isPresent,
  literal,
  markArena,
  monotonicNanos,
  releaseArena,
  sizeOf,
  slice,
  startOf,
} from "../../assembly/sdk";
import { SharedBody } from "./shared-body";
import { SharedHead } from "./shared-head";

/** Why there is no new list; numbers from 100 on are HTTP statuses. */
export const enum FetchFailure {
  None = 0,
  /** Nobody answered, or the connection broke. */
  Unreachable = 1,
  TimedOut = 2,
  TooLarge = 3,
  /** Some line is no entry. */
  BadEntries = 4,
  /** Shared data refused, or lost what was stored. */
  NotStored = 5,
  /** The call was not made: no such cluster, no endpoint, or the circuit is open. */
  NotAsked = 6,
}

/** How attempts end, as they are counted. */
export const enum FetchResult {
  Changed = 0,
  Unchanged = 1,
  Failed = 2,
  /** The provider answered, and what it served is no list. */
  Refused = 3,
}

/** How many results there are. */
export const FETCH_RESULT_COUNT: i32 = 4;

const SECOND_NS: u64 = 1_000_000_000;
const NANOS_PER_MS: u64 = 1_000_000;
/** Beyond the timeout of the call: for storing and building. */
const LEASE_NS: u64 = 10 * SECOND_NS;
const WRITE_COUNT_MAX: i32 = 3;
const STATUS_OK: i32 = 200;
const NOT_MODIFIED: i32 = 304;
const TAG_SIZE_MAX_BYTES: usize = LIST_ENTITY_TAG_SIZE_MAX_BYTES;
const GET = literal("GET");
const IF_NONE_MATCH = literal("if-none-match");
const ENTITY_TAG = literal("etag");

/** One for each VM: read before each use. */
export const head = new SharedHead();

/** Asks the provider of one list. */
export class Fetch {
  /** Generation that is stored and not yet in force; 0 = none. */
  candidate: u32 = 0;
  candidateSize: u32 = 0;
  /** Attempts by FetchResult since the last tick. */
  readonly counts: StaticArray<u64> = new StaticArray<u64>(FETCH_RESULT_COUNT);
  private candidateNs: u64 = 0;
  private tagSize: usize = 0;
  private readonly tagAt: usize;
  /** A question is under way until then at the latest; 0 = none. */
  private askedUntilNs: u64 = 0;

  constructor(
    readonly key: Slice,
    readonly body: SharedBody,
    private readonly path: Slice,
    private readonly owner: u64,
    region: Region,
  ) {
    this.tagAt = region.take(TAG_SIZE_MAX_BYTES);
  }

  /** Asks if it is time, and no other worker does. The head has just been read. */
  ask(connection: Connection, refreshNs: u64, nowNs: u64): void {
    if (this.askedUntilNs != 0 || this.candidate != 0 || !isDue(refreshNs, nowNs)) return;
    if (head.leaseUntilNs > nowNs && head.leaseOwner != this.owner) return;
    const limitNs = nowNs + <u64>connection.timeoutMs * NANOS_PER_MS + SECOND_NS;
    head.setLease(this.owner, limitNs + LEASE_NS);
    head.setAttempted(nowNs);
    if (!head.write(this.key)) return;
    const request = connection.request(GET, this.path);
    if (sizeOf(head.entityTag) > 0) request.header(IF_NONE_MATCH, head.entityTag);
    if (connection.http(request) == NO_CALL) this.end(FetchFailure.NotAsked, nowNs);
    else this.askedUntilNs = limitNs;
  }

  /** An answer that never came counts as late. */
  expire(nowNs: u64): void {
    if (this.askedUntilNs != 0 && nowNs > this.askedUntilNs) this.end(FetchFailure.TimedOut, nowNs);
  }

  /** The answer of the provider. */
  deliver(answer: Answer): void {
    if (this.askedUntilNs == 0) return;
    this.askedUntilNs = 0;
    const nowNs = monotonicNanos();
    if (!this.isLeader(nowNs)) {
      this.count(FetchResult.Failed);
      return;
    }
    const status = answer.status;
    if (status == NOT_MODIFIED && head.generation != 0) this.confirm(nowNs, nowNs);
    else if (answer.kind != AnswerKind.Http) this.end(FetchFailure.TimedOut, nowNs);
    else if (status != STATUS_OK) this.end(max(status, <i32>FetchFailure.Unreachable), nowNs);
    else if (answer.bodySize > <u32>LIST_BODY_SIZE_MAX_BYTES)
      this.end(FetchFailure.TooLarge, nowNs);
    else this.take(answer, nowNs);
  }

  /** Whether the candidate is the body of the list in force. The head has just been read. */
  isKnown(hash: u64): bool {
    return head.hash == hash && head.bodySize == this.candidateSize && head.generation != 0;
  }

  /** Keeps the lease while the candidate is being built. */
  renew(nowNs: u64): void {
    if (!this.isLeader(nowNs)) return;
    head.setLease(this.owner, nowNs + LEASE_NS);
    head.write(this.key);
  }

  /** The candidate, of this hash, is in force from now on; false: another worker was faster. */
  publish(hash: u64, nowNs: u64): bool {
    const generation = this.candidate;
    this.candidate = 0;
    for (let attempt = 0; attempt < WRITE_COUNT_MAX; attempt++) {
      if (!this.isLeader(nowNs) || head.generation + 1 != generation) break;
      const tag = slice(this.tagAt, this.tagSize);
      head.setGeneration(generation, hash, this.candidateSize, tag);
      head.setFetched(this.candidateNs);
      head.setFailure(FetchFailure.None);
      head.setLease(0, 0);
      if (!head.write(this.key)) continue;
      this.count(FetchResult.Changed);
      return true;
    }
    this.count(FetchResult.Failed);
    return false;
  }

  /** The candidate is what is in force already. */
  recognise(nowNs: u64): void {
    this.candidate = 0;
    this.confirm(this.candidateNs, nowNs);
  }

  /** The candidate is no list, or was lost. */
  refuse(failure: u32, nowNs: u64): void {
    this.candidate = 0;
    this.end(failure, nowNs);
  }

  // Ends an attempt that brought nothing.
  private end(failure: u32, nowNs: u64): void {
    this.askedUntilNs = 0;
    const isServed = failure == FetchFailure.BadEntries || failure == FetchFailure.TooLarge;
    this.count(isServed ? FetchResult.Refused : FetchResult.Failed);
    for (let attempt = 0; attempt < WRITE_COUNT_MAX; attempt++) {
      if (!this.isLeader(nowNs)) return;
      head.setFailure(failure);
      head.setLease(0, 0);
      if (head.write(this.key)) return;
    }
  }

  // The list in force is what the provider served.
  private confirm(servedNs: u64, nowNs: u64): void {
    this.count(FetchResult.Unchanged);
    for (let attempt = 0; attempt < WRITE_COUNT_MAX; attempt++) {
      if (!this.isLeader(nowNs)) return;
      head.setFetched(servedNs);
      head.setFailure(FetchFailure.None);
      head.setLease(0, 0);
      if (head.write(this.key)) return;
    }
  }

  private take(answer: Answer, nowNs: u64): void {
    const generation = head.generation + 1;
    if (!this.store(answer, generation)) {
      this.end(FetchFailure.NotStored, nowNs);
      return;
    }
    const tag = answer.header(ENTITY_TAG);
    const isKept = isPresent(tag) && sizeOf(tag) <= TAG_SIZE_MAX_BYTES;
    this.tagSize = isKept ? sizeOf(tag) : 0;
    if (isKept) memory.copy(this.tagAt, startOf(tag), sizeOf(tag));
    this.candidate = generation;
    this.candidateSize = answer.bodySize;
    this.candidateNs = nowNs;
  }

  private store(answer: Answer, generation: u32): bool {
    let number: u32 = 0;
    for (let at: u32 = 0; at < answer.bodySize; at += LIST_CHUNK_SIZE_BYTES) {
      const mark = markArena();
      const chunk = answer.bodyPart(at, LIST_CHUNK_SIZE_BYTES);
      const isStored = isPresent(chunk) && this.body.store(generation, number++, chunk);
      releaseArena(mark);
      if (!isStored) return false;
    }
    return true;
  }

  private isLeader(nowNs: u64): bool {
    const isRead = head.read(this.key, nowNs);
    return isRead && head.leaseOwner == this.owner && head.leaseUntilNs > nowNs;
  }

  private count(result: FetchResult): void {
    unchecked((this.counts[result] += 1));
  }
}

// After a failure sooner than after a success: one second, doubling. Many proxies do not ask at the
// same moment: up to a tenth earlier, never later, so that `ttl` holds.
function isDue(refreshNs: u64, nowNs: u64): bool {
  const attemptedNs = head.attemptedNs;
  if (attemptedNs == 0) return true;
  const failures = head.failureCount;
  let waitNs = refreshNs - (((attemptedNs * 0x9e37_79b9_7f4a_7c15) >>> 32) % (refreshNs / 10 + 1));
  if (failures > 0) waitNs = min(waitNs, SECOND_NS << min<u64>(failures - 1, 16));
  return nowNs - attemptedNs >= waitNs;
}
