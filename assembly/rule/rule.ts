// A compiled rule: immutable after the document is loaded, but for the counts of its own
// statistics. Both: built cold, walked per request.

import { Slice, emptySlice } from "../memory/slice";
import { Decision } from "../expression/decision";
import { Program } from "../expression/program";
import { Action } from "./action";
import { Denial } from "./denial-response";
import { HeaderOperation } from "./header-operation";
import { LogLine } from "./log-line";
import { Rollout } from "./rollout";

/** What decides where something could not be evaluated, by kind, as in `onError`. */
export class OnError {
  constructor(
    /** Whether a failing `match` of a rule with checks or quotas denies. */
    readonly deniesMatch: bool,
    readonly deniesCheck: bool,
    readonly deniesQuota: bool,
  ) {}
}

/** One rule of a document. */
export class Rule {
  /** True when it applies; null = always. */
  match: Program | null = null;
  /** True when it does not apply after all; null = never. */
  unless: Program | null = null;
  /** The same taken apart, where the document has `debug`. */
  matchDecision: Decision | null = null;
  unlessDecision: Decision | null = null;
  checks: StaticArray<Action> = new StaticArray<Action>(0);
  quotas: StaticArray<Action> = new StaticArray<Action>(0);
  reports: StaticArray<Action> = new StaticArray<Action>(0);
  requestOperations: StaticArray<HeaderOperation> = new StaticArray<HeaderOperation>(0);
  responseOperations: StaticArray<HeaderOperation> = new StaticArray<HeaderOperation>(0);
  /** What it writes to Envoy's log when the request is decided, and when the response comes. */
  requestLog: LogLine | null = null;
  responseLog: LogLine | null = null;
  onError: OnError = new OnError(true, true, true);
  /** The answer of a denial; null = the plain one. */
  denial: Denial | null = null;
  /** The answer in the place of the upstream's; null = the upstream's stays. */
  replacement: Denial | null = null;
  /** The HTTP status that it replaces. */
  replacedCode: Program | null = null;
  /** Response code details of that answer. */
  replacementDetails: Slice = emptySlice();
  isShadow: bool = false;
  /** For which part of the traffic it is enforced; null = for all of it. */
  rollout: Rollout | null = null;
  /** The rollouts of its actions, by slot. */
  actionRollouts: StaticArray<Rollout> = new StaticArray<Rollout>(0);
  /** Whether it has a `rollout`, set before that is read; and whether it or an action has one. */
  isRolledOut: bool = false;
  hasSides: bool = false;
  /** Whether the current stream is on the SHADOW side of the rollout. */
  isAside: bool = false;
  /** Bit of the stream's record that keeps that side for later phases; -1 = none. */
  asideBit: i32 = -1;
  /** Whether one of its checks or quotas is in SHADOW mode: for the current stream, and always. */
  hasShadow: bool = false;
  hasFixedShadow: bool = false;
  /** Time for the callouts of each of its actions that says nothing itself; 0 = none given. */
  timeoutMs: u32 = 0;
  /** When it is matched: see `RuleTable.stages`. */
  stage: i32 = 0;
  /** Actions whose outputs its conditions read. */
  inputs: StaticArray<Action> = new StaticArray<Action>(0);
  /** Bit of the stream's record that keeps the result of the match for later phases; -1 = none. */
  recordBit: i32 = -1;

  /** Counts since the last tick. */
  denied: u64 = 0;
  shadowDenied: u64 = 0;
  errors: u64 = 0;
  replaced: u64 = 0;
  shadowReplaced: u64 = 0;
  /** Ids of the metrics above; 0 = not defined yet. */
  deniedMetric: u32 = 0;
  shadowDeniedMetric: u32 = 0;
  errorsMetric: u32 = 0;
  replacedMetric: u32 = 0;
  shadowReplacedMetric: u32 = 0;
  /** Wall clock of the last log line about a failure, and about a shadow denial. */
  failureLoggedNs: u64 = 0;
  shadowLoggedNs: u64 = 0;
  /** `mixer_access_denied{NAME}`. */
  details: Slice = emptySlice();

  constructor(
    /** Number in the order of the document. */
    readonly number: i32,
    readonly name: Slice,
  ) {}

  /** Whether the rule is matched when request headers come: it has more than reports. */
  get isMatchedAtRequest(): bool {
    return this.checks.length > 0 || this.quotas.length > 0 || this.changesRequest;
  }

  /** Whether it has something to do with a request that goes on. */
  get changesRequest(): bool {
    return this.requestOperations.length > 0 || this.requestLog !== null;
  }

  /** Whether it has something to do when response headers come. */
  get changesResponse(): bool {
    const isTold = this.responseLog !== null || this.replacement !== null;
    return this.responseOperations.length > 0 || isTold;
  }

  /** Whether a check or quota of it is enforced for the current stream. */
  get isEnforced(): bool {
    if (this.isAside) return false;
    for (let at = 0; at < this.checks.length; at++) {
      if (!unchecked(this.checks[at]).isShadow) return true;
    }
    for (let at = 0; at < this.quotas.length; at++) {
      if (!unchecked(this.quotas[at]).isShadow) return true;
    }
    return false;
  }

  /** Whether a failure of its match can deny. */
  get hasPolicy(): bool {
    return this.checks.length > 0 || this.quotas.length > 0;
  }
}
