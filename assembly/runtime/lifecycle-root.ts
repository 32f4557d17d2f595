// Root contexts: created, configured, ticking, ended. The tick is the only place where the
// collector runs, with an empty stack. Cold.

import { Code } from "../shared/abi";
import { resetArena } from "../memory/arena";
import { monotonicNanos, wallClockNanos } from "../abi/clock";
import { enterConfiguration, leaveConfiguration } from "../abi/inbox";
import { refreshLogLevel } from "../abi/log";
import { Stage, enterStage } from "../abi/stage";
import { Outcome } from "../template/verdict";
import { nextCallback } from "../rule/callback";
import { failWait, waitAt, waitCount, waitOutcome } from "../rule/wait";
import { configureRoot } from "./configure";
import { reportLiving, resume } from "./connection";
import { Root } from "./root";
import { addRoot, allRoots, removeRoot, rootById } from "./roots";

let hasGarbage: bool = false;

/** A root context has been created. */
export function createRoot(id: u32): void {
  addRoot(id);
}

/** The configuration of a root has come; false refuses it. */
export function configure(id: u32, size: u32): bool {
  resetArena();
  enterStage(Stage.Configure);
  let root = rootById(id);
  if (root === null) root = addRoot(id);
  enterConfiguration();
  const isGood = configureRoot(root, size);
  leaveConfiguration();
  hasGarbage = true;
  return isGood;
}

/** About twice a second for each root. */
export function tick(id: u32): void {
  resetArena();
  enterStage(Stage.Tick);
  nextCallback();
  refreshLogLevel();
  const now = wallClockNanos();
  const all = allRoots();
  for (let at = 0; at < all.length; at++) {
    if (all[at].id == id) tickRoot(all[at], now);
  }
  if (!hasGarbage) return;
  hasGarbage = false;
  // @ts-ignore: a function of the runtime that asc knows
  __collect();
}

function tickRoot(root: Root, now: u64): void {
  const table = root.table;
  if (table === null) return;
  for (let at = 0; at < table.handlers.length; at++) table.handlers[at].onTick(now);
  endPauses(root);
  if (root.connections != 0) reportLiving(root);
  root.statistics!.flush();
}

// Whatever a callout's own timeout does, no stream waits longer than PAUSE_MAX_MS.
function endPauses(root: Root): void {
  if (root.paused == 0) return;
  enterStage(Stage.Answer);
  const now = monotonicNanos();
  let record = root.paused;
  while (record != 0) {
    const next = <usize>load<u32>(record, 88);
    if (load<u64>(record, 80) <= now) {
      failWaits(record);
      resume(root, record, null);
    }
    record = next;
  }
  enterStage(Stage.Tick);
}

function failWaits(record: usize): void {
  const count = waitCount(record);
  for (let at: u32 = 0; at < count; at++) {
    const wait = waitAt(record, at);
    if (waitOutcome(wait) == Outcome.Waiting) failWait(record, wait, Code.DeadlineExceeded);
  }
}

/** A root context ends: hands over what it counted and gives its memory back. */
export function endRoot(id: u32): void {
  const root = rootById(id);
  if (root === null) return;
  resetArena();
  enterStage(Stage.Tick);
  const table = root.table;
  if (table !== null) {
    for (let at = 0; at < table.handlers.length; at++) table.handlers[at].close();
    root.statistics!.flush();
    root.table = null;
    root.region.free();
  }
  removeRoot(id);
  hasGarbage = true;
}
