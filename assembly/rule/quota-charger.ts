// Charges the quotas of the rules that matched. Every quota is charged, also behind an exhausted
// one: a refused quota does not refund the others, and the message lists all that are exhausted.
// Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { Slice, emptySlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { wallClockNanos } from "../abi/clock";
import { keepQuota } from "../attribute/record";
import { Grant, Quota } from "../template/instances";
import { Action } from "./action";
import { DenialState, writeDenialMessage } from "./denial";
import { noteFailure, noteHandlerFailure } from "./failure-log";
import { CompiledInstance } from "./instance";
import { isSet } from "./matching";
import { callbackNumber } from "./callback";
import { Rule } from "./rule";
import { RuleTable } from "./table";

const EXHAUSTED = literal("Quota is exhausted for: ");
/** What is said of a charge that could not be made. */
export const INSTANCE_FAILED = literal("instance could not be evaluated");
export const HANDLER_FAILED = literal("quota could not be charged");
const COMMA: u8 = 44;
const NAMES_SIZE_MAX_BYTES: usize = 2048;

/** Charges quotas for one root context. */
export class QuotaCharger {
  /** The message of a shadow charge that was refused. */
  shadowMessage: Slice = emptySlice();
  readonly quota: Quota = new Quota();
  readonly grant: Grant = new Grant();
  private readonly names: Writer = new Writer();
  private exhaustedBy: Rule | null = null;
  private exhaustedAction: Action | null = null;

  constructor(
    private readonly table: RuleTable,
    private readonly denial: DenialState,
  ) {}

  /** Charges all enforced quotas. */
  charge(): void {
    const table = this.table;
    this.open(false);
    for (let word = 0; word < table.wordCount; word++) {
      let bits = load<u64>(table.matched + ((<usize>word) << 3));
      while (bits != 0) {
        const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
        bits &= bits - 1;
        this.chargeRule(rule);
      }
    }
    this.conclude(false);
  }

  /** Begins the charges of a stream. */
  open(isShadow: bool): void {
    const at = takeArena(NAMES_SIZE_MAX_BYTES);
    this.names.open(at, at == 0 ? 0 : NAMES_SIZE_MAX_BYTES);
    this.exhaustedBy = null;
    this.quota.isShadow = isShadow;
    this.quota.nowNs = wallClockNanos();
  }

  private chargeRule(rule: Rule): void {
    if (rule.isAside) return;
    for (let at = 0; at < rule.quotas.length; at++) {
      const action = unchecked(rule.quotas[at]);
      if (action.isShadow) continue;
      for (let index = 0; index < action.instances.length; index++) {
        this.chargeInstance(rule, action, unchecked(action.instances[index]));
      }
    }
  }

  private chargeInstance(rule: Rule, action: Action, instance: CompiledInstance): void {
    if (!this.fill(rule, action, instance)) {
      this.fail(rule, action, INSTANCE_FAILED);
      return;
    }
    action.handler!.onQuota(this.quota, this.grant);
    this.note();
    if (this.grant.isFailed) {
      noteHandlerFailure(rule, action.handlerName);
      this.fail(rule, action, HANDLER_FAILED);
    } else if (this.grant.amount <= 0 && action.charge > 0) {
      this.exhaust(rule, action, instance.name);
    }
  }

  /** Keeps what an enforced quota says of the rest of it. */
  note(): void {
    const record = this.table.bag.record;
    if (record == 0) return;
    keepQuota(record, this.grant.remaining, this.grant.retryAfterNs);
  }

  /** Fills quota and grant for a charge; false when the instance could not be evaluated. */
  fill(rule: Rule, action: Action, instance: CompiledInstance): bool {
    const quota = this.quota;
    const dimensions = instance.dimensions;
    if (dimensions != null && !dimensions.evaluate(this.table.bag, callbackNumber())) {
      noteFailure(rule, dimensions.failedCell, this.table.bag);
      return false;
    }
    quota.instance = instance.number;
    quota.name = instance.name;
    quota.dimensions = dimensions;
    quota.amount = action.charge;
    this.grant.nothing();
    return true;
  }

  private fail(rule: Rule, action: Action, why: Slice): void {
    if (!action.onError.deniesQuota) return;
    this.denial.setBy(rule, action, Code.Internal, why);
  }

  /** A quota is exhausted: its name goes into the message. */
  exhaust(rule: Rule, action: Action, name: Slice): void {
    if (this.exhaustedBy == null) {
      this.exhaustedBy = rule;
      this.exhaustedAction = action;
      this.names.bytes(EXHAUSTED);
    } else {
      this.names.byte(COMMA);
    }
    this.names.bytes(name);
  }

  /** Denies for the exhausted quotas, or remembers them in SHADOW mode; false without any. */
  conclude(isShadow: bool): bool {
    const rule = this.exhaustedBy;
    if (rule == null) return false;
    const names = this.names.written;
    if (isShadow) {
      this.shadowMessage = writeDenialMessage(Code.ResourceExhausted, emptySlice(), names);
    } else {
      const action = this.exhaustedAction!;
      if (!this.denial.isDenied) this.denial.action = action;
      this.denial.set(rule, action.denial, Code.ResourceExhausted, emptySlice(), names);
    }
    return true;
  }
}
