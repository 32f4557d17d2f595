// Everything that a document says of requests, compiled. Both: built cold, immutable while it
// serves.

import { Slice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { Handler } from "../template/handler";
import { Explainer } from "./explainer";
import { PeerExchange } from "./peer-exchange";
import { Rule } from "./rule";
import { RuleIndex } from "./rule-index";

/** The compiled document. */
export class RuleTable {
  /** Bit sets of one word for 64 rules: which matched, whose match failed. */
  readonly wordCount: i32;

  constructor(
    readonly bag: Bag,
    /** In the order of the document. */
    readonly rules: StaticArray<Rule>,
    /**
     * Candidates among rules that are matched when request headers come, by stage: those of a later
     * one read what actions of earlier ones gave. Without outputs there is one stage.
     */
    readonly stages: StaticArray<RuleIndex>,
    /** Candidates among rules with reports only. */
    readonly logIndex: RuleIndex,
    /** Candidates among all rules with reports: for streams whose request headers never came. */
    readonly lateIndex: RuleIndex,
    /** Scratch bit sets. */
    readonly matched: usize,
    readonly failed: usize,
  ) {
    this.wordCount = logIndex.wordCount;
  }

  // What every request asks stands here, side by side; what few or nobody asks per request, behind.

  /** The slot of `:path` where ambiguous ones are refused before the check; -1 = they are not. */
  guardedPathSlot: i32 = -1;
  /** Whether there is nothing to do when request headers come. */
  isIdle: bool = true;
  /** Whether request headers are removed before anything is read. */
  strips: bool = false;
  /** Whether a stream needs memory between its callbacks. */
  needsRecord: bool = false;
  /** Whether `response.duration` is read. */
  readsDuration: bool = false;
  /** Whether anything is matched when request headers come. */
  hasRequestRules: bool = false;
  hasChecks: bool = false;
  hasQuotas: bool = false;
  /** Whether some enforced quota may ask a backend. */
  hasRemoteQuotas: bool = false;
  hasRemoteChecks: bool = false;
  /** Whether some check or quota is in SHADOW mode, or may be put aside by a rollout. */
  hasShadow: bool = false;
  /** Whether some rule is enforced for a part of the traffic only. */
  hasRollouts: bool = false;
  /** Whether some action has a name and so output values. */
  hasOutputs: bool = false;
  /** Whether later phases ask for matches of the check, and reports among them. */
  keepsMatches: bool = false;
  reportsMatches: bool = false;
  /** Whether a request that goes on is told of, or changed. */
  actsOnPass: bool = false;
  /** Whether there is anything to do when response headers come. */
  readsResponses: bool = false;
  hasReports: bool = false;
  /** Exchanges metadata with other proxies; null where the document does not. */
  peers: PeerExchange | null = null;

  hasRequestOperations: bool = false;
  hasResponseOperations: bool = false;
  /** Whether the check reads what a TCP connection has from its first bytes on only. */
  needsPeer: bool = false;
  /** Whether `source.direct_ip` is read, for which rendered configuration has a filter. */
  readsDirectAddress: bool = false;
  /** Whether every request's verdict goes into filter state, not only the denied ones'. */
  writesAllVerdicts: bool = false;
  handlers: StaticArray<Handler> = new StaticArray<Handler>(0);
  handlerNames: StaticArray<Slice> = new StaticArray<Slice>(0);
  /** Request headers that are removed before anything is read, in lower case. */
  strippedHeaders: StaticArray<Slice> = new StaticArray<Slice>(0);
  /** Rules whose match at the check later phases ask for, and those of them with reports. */
  rulesKept: StaticArray<Rule> = new StaticArray<Rule>(0);
  reportsAfterCheck: StaticArray<Rule> = new StaticArray<Rule>(0);
  /** Rules that change, replace or log responses. */
  responseRules: StaticArray<Rule> = new StaticArray<Rule>(0);
  /** Reports dropped since the last tick because an instance could not be evaluated. */
  droppedReports: u64 = 0;
  /** Questions in SHADOW mode that were not asked since the last tick: too many were under way. */
  droppedShadows: u64 = 0;
  /** What keys of the check cache begin with, and whose buckets they go to. */
  documentHash: u64 = 0;
  pluginName: Slice = 0;
  /** Explains decisions; null where the document has no `debug`. */
  explainer: Explainer | null = null;
  /** Time between the reports of one TCP connection. */
  reportIntervalNs: u64 = 0;
}
