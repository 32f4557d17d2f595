// Root contexts: created, configured, ticking, ended. The collector runs only here, with an empty
// stack: at the end of a tick and before a document is loaded. Cold.

import { TICK_PERIOD_MS } from "../shared/limits";
import { resetArena } from "../memory/arena";
import { leaveGarbage, takeGarbage } from "../memory/garbage";
import { wallClockNanos } from "../abi/clock";
import { enterConfiguration, leaveConfiguration } from "../abi/inbox";
import { refreshLogLevel } from "../abi/log";
import { Stage, enterStage } from "../abi/stage";
import { actOn, isGone } from "../abi/streams";
import { removeCallsOf } from "../template/call-table";
import { nextCallback } from "../rule/callback";
import { configureRoot } from "./configure";
import { reportLiving, resume } from "./connection";
import { calmTick, isDue, nextPaused } from "./pauses";
import { addOwner, removeOwner } from "./owners";
import { Root } from "./root";
import { addRoot, allRoots, removeRoot, rootById } from "./roots";
import { LINKS_BACKENDS } from "../template/linked";

/** What counts as a whole tick, a little less than its period. */
const FULL_TICK_NS: u64 = <u64>TICK_PERIOD_MS * 900_000;

/** A root context has been created. */
export function createRoot(id: u32): void {
  addRoot(id, true);
}

/** The configuration of a root has come; false refuses it. */
export function configure(id: u32, size: u32): bool {
  // Documents may come faster than ticks.
  endGoneRoots(id);
  collect();
  resetArena();
  enterStage(Stage.Configure);
  let root = rootById(id);
  if (root === null) root = addRoot(id, false);
  enterConfiguration();
  const isGood = configureRoot(root, size);
  leaveConfiguration();
  leaveGarbage();
  if (!root.isAnnounced) keepOrForget(root);
  return isGood;
}

// Nobody says when a root that was refused is gone.
function keepOrForget(root: Root): void {
  if (root.table === null) removeRoot(root.id);
  else addOwner(root);
}

/** About twice a second for each root. */
export function tick(id: u32): void {
  endGoneRoots(id);
  resetArena();
  enterStage(Stage.Tick);
  nextCallback();
  refreshLogLevel();
  const now = wallClockNanos();
  const all = allRoots();
  for (let at = 0; at < all.length; at++) {
    if (all[at].id == id) tickRoot(all[at], now);
  }
  collect();
}

// Where proxy_on_delete is not allowed nobody says that a root has ended; Envoy knows it no more.
function endGoneRoots(id: u32): void {
  const all = allRoots();
  for (let at = 0; at < all.length; at++) {
    if (isGone(all[at].id)) endRoot(all[at].id);
  }
  actOn(id);
}

// No caller may hold a managed object: the stack is not searched.
function collect(): void {
  if (!takeGarbage()) return;
  // @ts-ignore: a function of the runtime that asc knows
  __collect();
}

function tickRoot(root: Root, now: u64): void {
  const table = root.table;
  if (table === null) return;
  if (LINKS_BACKENDS && (root.paused != 0 || root.isTickFast)) wakePaused(root);
  // While retries wait the tick is finer; everything else keeps its pace.
  if (root.isTickFast && now - root.tickedNs < FULL_TICK_NS) return;
  root.tickedNs = now;
  for (let at = 0; at < table.handlers.length; at++) table.handlers[at].onTick(now);
  if (root.connections != 0) reportLiving(root);
  root.statistics!.flush();
}

// Every stream that waits is looked at: a retry may be due, a question's time over.
function wakePaused(root: Root): void {
  enterStage(Stage.Answer);
  let record = root.paused;
  while (record != 0) {
    const next = nextPaused(record);
    if (isDue(record)) {
      // Each stream as in a callback of its own: many together must not use the memory up.
      resetArena();
      nextCallback();
      resume(root, record, null);
    }
    record = next;
  }
  enterStage(Stage.Tick);
  calmTick(root);
}

/** A root context ends: hands over what it counted and gives its memory back. */
export function endRoot(id: u32): void {
  const root = rootById(id);
  if (root === null) return;
  resetArena();
  enterStage(Stage.Tick);
  const table = root.table;
  if (table !== null) {
    for (let at = 0; at < table.handlers.length; at++) {
      table.handlers[at].close();
      const connection = table.handlers[at].connection;
      if (LINKS_BACKENDS && connection !== null) removeCallsOf(changetype<usize>(connection));
    }
    root.statistics!.flush();
    root.table = null;
    root.region.free();
  }
  removeOwner(root);
  removeRoot(id);
  leaveGarbage();
}
