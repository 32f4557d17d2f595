// A test's adapter that does what no adapter may do: it traps, and its configuring is no pure
// function of the document. Shows what Envoy does then. Not shipped.

import {
  Adapter,
  BuildContext,
  DiagnosticCode,
  Handler,
  Params,
  Region,
  Slice,
  Stored,
  Template,
  isPresent,
  readShared,
  sharedVersion,
  sizeOf,
  slice,
  startOf,
  writeShared,
} from "../../../assembly/sdk";
import { RogueParams } from "./config";
import { RogueHandler } from "./handler";

const COUNT_SIZE_BYTES = 4;
const ATTEMPT_COUNT_MAX = 100;

/** Denies `closed`, traps on `trap`, and refuses its parameters on threads that come late. */
export class Rogue extends Adapter {
  get name(): string {
    return "rogue";
  }

  get serves(): u32 {
    return Template.ListEntry;
  }

  params(): Params {
    return new RogueParams();
  }

  standardInstances(params: Params): string {
    return (params as RogueParams).ownInstances.value;
  }

  build(params: Params, context: BuildContext): Handler | null {
    if ((params as RogueParams).isWordless.value) return null;
    const accepted = (params as RogueParams).accepted;
    if (accepted.value == 0) return new RogueHandler();
    if (<i64>countBuild(context.region) <= accepted.value) return new RogueHandler();
    const code = DiagnosticCode.TooManyEntries;
    context.report.error(code, context.place, "another thread", "the threads before it");
    return null;
  }
}

/** How often it has been built in this Envoy, this time included. */
function countBuild(region: Region): u32 {
  const key = region.text("rogue");
  const at = region.take(COUNT_SIZE_BYTES);
  const value = slice(at, COUNT_SIZE_BYTES);
  for (let attempt = 0; attempt < ATTEMPT_COUNT_MAX; attempt++) {
    store<u32>(at, read(readShared(key)) + 1);
    if (writeShared(key, value, sharedVersion()) == Stored.Yes) return load<u32>(at);
  }
  return 0;
}

function read(value: Slice): u32 {
  return isPresent(value) && sizeOf(value) == COUNT_SIZE_BYTES ? load<u32>(startOf(value)) : 0;
}
