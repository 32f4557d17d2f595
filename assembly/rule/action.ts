// A compiled action: a handler with the instances it gets. Both: built cold, walked per request.

import { Slice, emptySlice } from "../memory/slice";
import { Handler } from "../template/handler";
import { CompiledInstance } from "./instance";
import { Denial } from "./denial-response";
import { Rollout } from "./rollout";
import { OnError } from "./rule";

/** One use of a handler in a rule, for one variety of templates. */
export class Action {
  /** Set once the handlers are built, before the document serves. */
  handler: Handler | null = null;

  constructor(
    readonly handlerName: Slice,
    readonly instances: StaticArray<CompiledInstance>,
    /** Whether it is in SHADOW mode; with a rollout: for the current stream. */
    public isShadow: bool,
    readonly onError: OnError,
    /** The action's own answer when it denies; null = the rule's. */
    readonly denial: Denial | null,
    /** How much a quota is charged. */
    readonly charge: i64,
    /** Number of the handler in the document's table. */
    readonly handlerNumber: i32,
  ) {}

  /** Instances that connections are reported by; those of requests are `instances`. */
  connectionInstances: StaticArray<CompiledInstance> = new StaticArray<CompiledInstance>(0);
  /** When it is asked: see `RuleTable.stages`. */
  stage: i32 = 0;
  /** Its place among the checks of all rules, and the actions whose outputs its instances read. */
  order: i32 = 0;
  inputs: StaticArray<Action> = new StaticArray<Action>(0);
  /** For which part of the traffic it is enforced; null = for all of it, or as the rule has it. */
  rollout: Rollout | null = null;
  /** Places of its output values in the stream's record by number; -1 where there is none. */
  outputs: StaticArray<i32> = new StaticArray<i32>(0);
  /** Its name, or `RULE/INDEX`; only where the document has `debug`. */
  name: Slice = emptySlice();
  /** Time for all attempts of its callouts; 0 = the connection's for each. */
  timeoutMs: u32 = 0;
}
