// One root context: a configured document with its memory. Both: made cold, read per request.

import { Region } from "../memory/region";
import { Slice, emptySlice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { Program } from "../expression/program";
import { Check } from "../rule/check";
import { Reporter } from "../rule/reporter";
import { RuleTable } from "../rule/table";
import { Statistics } from "./statistics";

/** The document that a root context serves. */
export class Root {
  table: RuleTable | null = null;
  bag: Bag | null = null;
  check: Check | null = null;
  reporter: Reporter | null = null;
  statistics: Statistics | null = null;
  region: Region = new Region();
  /** Programs that only raw tables point to: kept so that the collector keeps them. */
  programs: Program[] = [];
  /** First of the records that wait for an answer, linked; 0 = none. */
  paused: usize = 0;
  /** First of the live TCP connections, linked; 0 = none. */
  connections: usize = 0;
  /** Whether the tick runs finer because a retry waits, and when it last did everything. */
  isTickFast: bool = false;
  tickedNs: u64 = 0;
  /** What `mixer_describe` tells of the last configuration. */
  description: string = "";

  /** The plugin's `root_id`. */
  rootId: Slice = emptySlice();
  /** The next root that owns streams which Envoy does not announce; 0 = none. */
  next: usize = 0;

  constructor(
    readonly id: u32,
    /** Whether Envoy has announced it, as it then does with each of its streams. */
    readonly isAnnounced: bool,
  ) {}
}
