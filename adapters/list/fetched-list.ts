// A list of this VM that is fetched: reads on each tick what all workers know of it, builds what is
// new in portions, and asks the provider where this worker holds the lease. Cold: runs on the tick.

import {
  Answer,
  Region,
  Slice,
  leaveGarbage,
  monotonicNanos,
  randomSeed,
} from "../../assembly/sdk";
import { endPortion, isTimeLeft, startPortion } from "./build-time";
import { EntryType } from "./config";
import { Fetch, FetchFailure, head } from "./fetch";
import { BuildState, ListBuild } from "./list-build";
import { reportAge, reportBadLines, reportEntries, reportFetches } from "./list-reports";
import { SharedBody } from "./shared-body";
import { Asker, ListSource } from "./source";

/** One fetched list of this VM. */
export class FetchedList extends ListSource {
  /** How many handlers use it. */
  userCount: i32 = 0;
  private readonly region: Region;
  private readonly key: Slice;
  private readonly seed: u64 = randomSeed();
  private readonly startedNs: u64 = monotonicNanos();
  private readonly fetch: Fetch;
  /** The generation that `entries` are of, and one that could not be built; 0 = none. */
  private generation: u32 = 0;
  private brokenGeneration: u32 = 0;
  private build: ListBuild | null = null;
  /** What the body of `build` must have, unless it is the candidate of this worker. */
  private expectedHash: u64 = 0;
  /** Memory of `entries`. */
  private entriesRegion: Region | null = null;

  /** `name` is the whole definition: what differs in it is another list. */
  constructor(
    readonly name: string,
    path: string,
    private readonly type: EntryType,
  ) {
    super();
    const region = new Region();
    const key = region.text(name);
    const body = new SharedBody(key, region);
    this.region = region;
    this.key = key;
    this.fetch = new Fetch(key, body, region.text(path), randomSeed(), region);
  }

  tick(asker: Asker): void {
    const nowNs = monotonicNanos();
    this.fetch.expire(nowNs);
    if (!head.read(this.key, nowNs)) return;
    this.failure = head.failure;
    if (head.generation == this.generation) this.fetchedNs = head.fetchedNs;
    let build = this.build;
    if (build === null) build = this.begin();
    if (build !== null) this.goOn(build, asker.handlerName, nowNs);
    else this.fetch.ask(asker.connection, asker.refreshNs, nowNs);
    const since = this.fetchedNs == 0 ? this.startedNs : this.fetchedNs;
    reportAge(asker.handlerName, nowNs - since);
    reportFetches(asker.handlerName, this.fetch.counts);
  }

  deliver(answer: Answer): void {
    this.fetch.deliver(answer);
  }

  release(): void {
    if (--this.userCount > 0) return;
    const build = this.build;
    if (build !== null) build.drop();
    this.build = null;
    this.entries = null;
    const region = this.entriesRegion;
    if (region !== null) region.free();
    this.region.free();
    forget(this);
  }

  // What is to be built: the candidate of this worker, else what another one has put in force.
  private begin(): ListBuild | null {
    const fetch = this.fetch;
    const isOwn = fetch.candidate != 0;
    const generation = isOwn ? fetch.candidate : head.generation;
    if (generation == 0 || generation == this.generation) return null;
    if (!isOwn && generation == this.brokenGeneration) return null;
    const size = isOwn ? fetch.candidateSize : head.bodySize;
    this.expectedHash = head.hash;
    this.build = new ListBuild(this.type, fetch.body, generation, size, this.seed);
    return this.build;
  }

  private goOn(build: ListBuild, handler: Slice, nowNs: u64): void {
    startPortion(nowNs);
    let state = BuildState.Working;
    do {
      state = build.step();
      if (state == BuildState.Copied) state = this.judge(build);
    } while (state == BuildState.Working && isTimeLeft());
    endPortion();
    if (state == BuildState.Working) {
      if (build.generation == this.fetch.candidate) this.fetch.renew(nowNs);
      return;
    }
    this.build = null;
    leaveGarbage();
    if (state == BuildState.Done) this.install(build, handler, nowNs);
    else if (state == BuildState.Unchanged) this.recognise(build, nowNs);
    else this.refuse(build, state, handler, nowNs);
  }

  // Whether a body that was read is the announced one, or, of this worker's own, a new one.
  private judge(build: ListBuild): BuildState {
    const isOwn = build.generation == this.fetch.candidate;
    if (isOwn) return this.fetch.isKnown(build.hash) ? BuildState.Unchanged : BuildState.Working;
    return build.hash == this.expectedHash ? BuildState.Working : BuildState.Broken;
  }

  private recognise(build: ListBuild, nowNs: u64): void {
    build.drop();
    this.fetch.recognise(nowNs);
    if (head.generation == this.generation) this.fetchedNs = head.fetchedNs;
  }

  private install(build: ListBuild, handler: Slice, nowNs: u64): void {
    const generation = build.generation;
    if (generation == this.fetch.candidate && !this.fetch.publish(build.hash, nowNs)) {
      build.drop();
      return;
    }
    const old = this.entriesRegion;
    this.entries = build.entries();
    this.entriesRegion = build.region;
    if (old !== null) old.free();
    this.generation = generation;
    this.failure = head.failure;
    if (head.generation == generation) this.fetchedNs = head.fetchedNs;
    reportEntries(handler, build.lines!.count);
  }

  private refuse(build: ListBuild, state: BuildState, handler: Slice, nowNs: u64): void {
    const isOwn = build.generation == this.fetch.candidate;
    const lines = build.lines;
    if (state == BuildState.BadEntries && lines !== null) {
      reportBadLines(handler, lines.badLines, lines.badCount);
    }
    build.drop();
    if (isOwn) {
      this.fetch.refuse(failureOf(state), nowNs);
      return;
    }
    this.brokenGeneration = build.generation;
    // What shared data lost is fetched again, whatever the provider says of its age.
    if (head.generation == build.generation && head.hash != 0) {
      head.spoil();
      head.write(this.key);
    }
  }
}

function failureOf(state: BuildState): u32 {
  if (state == BuildState.BadEntries) return FetchFailure.BadEntries;
  return state == BuildState.TooLarge ? FetchFailure.TooLarge : FetchFailure.NotStored;
}

const lists: Map<string, FetchedList> = new Map<string, FetchedList>();

/** The list of a definition: handlers of all documents of this VM share it. */
export function fetchedList(name: string, path: string, type: EntryType): FetchedList {
  let list: FetchedList;
  if (lists.has(name)) list = lists.get(name);
  else {
    list = new FetchedList(name, path, type);
    lists.set(name, list);
  }
  list.userCount++;
  return list;
}

function forget(list: FetchedList): void {
  if (lists.has(list.name) && lists.get(list.name) === list) lists.delete(list.name);
}
