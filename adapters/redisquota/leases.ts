// Charges quotas from pools that are refilled from the rate limit service in the background: no
// request waits. Hot: allocates nothing managed.

import {
  Answer,
  Code,
  Connection,
  DropCounter,
  FAILED,
  Grant,
  NO_CALL,
  Quota,
  wallClockNanos,
} from "../../assembly/sdk";
import { LeaseTable, isShadowLease, leaseInstance, leaseKey, poolAt } from "./lease-table";
import { LocalEngine } from "./local-engine";
import { CLOSE_WAIT_NS, PrefetchPool } from "./prefetch-pool";
import { QuotaDefinition } from "./quota-definition";
import { RateLimitRequest } from "./rate-limit-request";
import { RateLimitResponse } from "./rate-limit-response";
import { METHOD, SERVICE, UNREACHABLE } from "./service";

/** A pool that could not be refilled says so for this time. */
const FAILED_NS: u64 = 500_000_000;

const pool = new PrefetchPool();
const response = new RateLimitResponse();

/** The leases of one handler. */
export class Leases {
  private readonly table: LeaseTable = new LeaseTable();
  private readonly refilled: Quota = new Quota();
  private readonly refill: Grant = new Grant();

  /** `local` is null where failures are left to `onError`. */
  constructor(
    private readonly definitions: StaticArray<QuotaDefinition>,
    private readonly local: LocalEngine | null,
    private readonly drops: DropCounter,
    /** Reason under which charges are counted that only this Envoy knows of. */
    private readonly localFallback: i32,
  ) {}

  /** Charges what `request` describes; false when there is no room for another pool. */
  charge(request: RateLimitRequest, connection: Connection, quota: Quota, grant: Grant): bool {
    const nowNs = quota.nowNs;
    const lease = this.table.find(quota.instance, quota.isShadow, request.key, nowNs);
    if (lease == 0) return false;
    const definition = unchecked(this.definitions[quota.instance]);
    store<i64>(lease, request.limit, 16);
    pool.open(poolAt(lease));
    const isTaken = pool.take(quota.amount, request.limit, nowNs);
    if (pool.wanted > 0) this.ask(lease, request, connection, nowNs);
    if (isTaken) grant.give(quota.amount, definition.table.windowNs);
    else if (nowNs < load<u64>(lease, 40)) grant.failWith(Code.Unavailable, UNREACHABLE);
    else grant.nothing();
    if (!grant.isFailed) tell(lease, quota, grant);
    return true;
  }

  /** Takes the answer to a question of a pool. */
  settle(answer: Answer): void {
    const call = this.table.findCall(answer.token);
    if (call == 0) return;
    const lease = <usize>load<u32>(call, 8);
    const nowNs = wallClockNanos();
    store<u32>(call, 0);
    pool.open(poolAt(lease));
    response.read(answer.isAnswered && answer.grpcStatus == Code.Ok ? answer.body() : 0);
    if (!response.isAnswer) {
      this.fail(lease, load<u32>(call, 4), load<i64>(call, 16), load<i64>(call, 24), nowNs);
      return;
    }
    const windowNs = unchecked(this.definitions[leaseInstance(lease)]).table.windowNs;
    const validNs = <u64>(response.resetNs > 0 ? response.resetNs : windowNs);
    store<i64>(lease, response.isGranted ? response.remaining : 0, 24);
    store<u64>(lease, nowNs + validNs, 32);
    store<u64>(lease, 0, 40);
    const granted = response.isGranted ? load<i64>(call, 24) : 0;
    pool.settle(load<u32>(call, 4), load<i64>(call, 16), granted, validNs, nowNs);
  }

  /** Gives the memory back. */
  close(): void {
    this.table.close();
  }

  // The service refuses as a whole what does not fit: never more is asked for than is known to be
  // left, and nothing where nothing is.
  private ask(lease: usize, request: RateLimitRequest, connection: Connection, nowNs: u64): void {
    const wanted = pool.wanted;
    const ticket = pool.ticket;
    const isKnown = nowNs < load<u64>(lease, 32);
    const sent = isKnown ? min(wanted, load<i64>(lease, 24)) : wanted;
    if (sent <= 0) {
      pool.settle(ticket, wanted, 0, 0, nowNs);
      return;
    }
    request.amount = sent;
    // What is used before it is granted is no longer there to be granted.
    if (ticket != 0) addRemaining(lease, -sent);
    const message = request.write(unchecked(this.definitions[leaseInstance(lease)]));
    const token = message == FAILED ? NO_CALL : connection.grpc(SERVICE, METHOD, message);
    const isAsked = token != NO_CALL && this.table.addCall(token, lease, ticket, wanted, sent);
    if (!isAsked) this.fail(lease, ticket, wanted, sent, nowNs);
  }

  private fail(lease: usize, ticket: u32, wanted: i64, sent: i64, nowNs: u64): void {
    if (ticket != 0) addRemaining(lease, sent);
    const local = this.local;
    if (local == null) {
      store<u64>(lease, nowNs + FAILED_NS, 40);
      pool.settle(ticket, wanted, 0, 0, nowNs);
      return;
    }
    this.drops.add(this.localFallback);
    const quota = this.refilled;
    quota.instance = leaseInstance(lease);
    quota.amount = wanted;
    quota.isBestEffort = true;
    quota.isShadow = isShadowLease(lease);
    quota.nowNs = nowNs;
    const definition = unchecked(this.definitions[quota.instance]);
    local.charge(definition, load<i64>(lease, 16), quota, leaseKey(lease), this.refill);
    const grant = this.refill;
    pool.settle(ticket, wanted, grant.amount, <u64>grant.validDurationNs, nowNs);
  }
}

// What this worker has taken ahead, and what the service said was left when it last answered in
// this window. Whoever is refused while that is too little waits for the next one; else for the
// next question, at the latest.
function tell(lease: usize, quota: Quota, grant: Grant): void {
  const nowNs = quota.nowNs;
  const resetNs = load<u64>(lease, 32);
  const isKnown = nowNs < resetNs;
  const left = load<i64>(lease, 24);
  const limit = load<i64>(lease, 16);
  if (isKnown) grant.remaining = min(max<i64>(pool.available(nowNs) + left, 0), limit);
  if (grant.amount > 0) return;
  if (quota.amount > limit) {
    grant.neverFits();
    return;
  }
  grant.retryAfterNs = <i64>(isKnown && left < quota.amount ? resetNs - nowNs : CLOSE_WAIT_NS);
}

// @ts-ignore: decorator
@inline
function addRemaining(lease: usize, amount: i64): void {
  store<i64>(lease, load<i64>(lease, 24) + amount, 24);
}
