// Charges quotas: by the rate limit service where the handler has a connection, else within this
// Envoy; what the service cannot count is counted here as well, where the document wants that. Hot:
// allocates nothing managed.

import {
  Answer,
  Code,
  FAILED,
  Grant,
  Handler,
  NO_CALL,
  Quota,
  Slice,
  fillDimensionValues,
  isPresent,
  literal,
  writeKey,
} from "../../assembly/sdk";
import { Leases } from "./leases";
import { LocalEngine } from "./local-engine";
import { QuotaDefinition } from "./quota-definition";
import { RateLimitRequest } from "./rate-limit-request";
import { RateLimitResponse } from "./rate-limit-response";
import { METHOD, SERVICE, UNREACHABLE } from "./service";

const NOT_COUNTED = literal("the rate limit service could not count");
const NO_ANSWER = literal("the rate limit service's answer is none");
const REQUEST_TOO_LARGE = literal("the question for the rate limit service is too large");

const request = new RateLimitRequest();
const response = new RateLimitResponse();

/** The quotas of one handler. */
export class RedisquotaHandler extends Handler {
  /** Set once, while the handler is built. */
  local: LocalEngine | null = null;
  /** Null where every charge asks by itself. Set once as well. */
  leases: Leases | null = null;
  /** A charge that the service could not count was counted within this Envoy. */
  readonly localFallback: i32;

  /** `definitions` by the number of the instance. */
  constructor(
    private readonly definitions: StaticArray<QuotaDefinition>,
    readonly fallsBack: bool,
  ) {
    super();
    this.localFallback = this.drops.declareReason("local_fallback");
  }

  onQuota(quota: Quota, grant: Grant): void {
    if (quota.amount <= 0) grant.nothing();
    else if (this.connection == null) this.chargeLocally(quota, grant);
    else this.ask(quota, grant);
  }

  onQuotaAnswer(answer: Answer, quota: Quota, grant: Grant): void {
    if (!answer.isAnswered) {
      this.fallBack(quota, grant, answer.failureCode, UNREACHABLE);
    } else if (answer.grpcStatus != Code.Ok) {
      this.fallBack(quota, grant, Code.Unavailable, NOT_COUNTED);
    } else {
      response.read(answer.body());
      if (!response.isAnswer) grant.failWith(Code.Internal, NO_ANSWER);
      else this.tell(quota, grant);
    }
  }

  onDelivery(answer: Answer): void {
    const leases = this.leases;
    if (leases != null) leases.settle(answer);
  }

  close(): void {
    this.local!.close();
    const leases = this.leases;
    if (leases != null) leases.close();
  }

  private ask(quota: Quota, grant: Grant): void {
    const definition = unchecked(this.definitions[quota.instance]);
    request.key = fill(definition, quota);
    request.dimensions = quota.dimensions;
    request.limit = definition.limit();
    request.amount = quota.amount;
    request.isShadow = quota.isShadow;
    const leases = this.leases;
    if (leases != null && isPresent(request.key)) {
      if (leases.charge(request, this.connection!, quota, grant)) return;
    }
    const message = request.write(definition);
    if (message == FAILED) {
      grant.failWith(Code.Internal, REQUEST_TOO_LARGE);
      return;
    }
    const token = this.connection!.grpc(SERVICE, METHOD, message);
    if (token == NO_CALL) this.fallBack(quota, grant, Code.Unavailable, UNREACHABLE);
    else grant.wait(token);
  }

  // What the service answered, and what it says of the rest of the window. It refuses a charge
  // above the limit as any other.
  private tell(quota: Quota, grant: Grant): void {
    if (response.isGranted) grant.give(quota.amount, response.resetNs);
    else grant.nothing();
    if (response.saysRemaining) grant.remaining = response.remaining;
    if (response.isGranted) return;
    const definition = unchecked(this.definitions[quota.instance]);
    fill(definition, quota);
    if (quota.amount > definition.limit()) grant.neverFits();
    else grant.retryAfterNs = response.resetNs;
  }

  private fallBack(quota: Quota, grant: Grant, code: i32, message: Slice): void {
    if (!this.fallsBack) {
      grant.failWith(code, message);
      return;
    }
    this.drops.add(this.localFallback);
    this.chargeLocally(quota, grant);
  }

  private chargeLocally(quota: Quota, grant: Grant): void {
    const definition = unchecked(this.definitions[quota.instance]);
    const key = fill(definition, quota);
    this.local!.charge(definition, definition.limit(), quota, key, grant);
  }
}

// The dimension values of a charge, and their key: ABSENT when it is too long.
function fill(definition: QuotaDefinition, quota: Quota): Slice {
  const dimensions = quota.dimensions;
  if (dimensions !== null) fillDimensionValues(dimensions, definition.values);
  return writeKey(dimensions, definition.values);
}
