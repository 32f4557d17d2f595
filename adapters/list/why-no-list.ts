// What a check says while there is no list. Hot: writes only the arena.

import { Slice, Writer, literal, takeArena } from "../../assembly/sdk";
import { FetchFailure } from "./fetch";

const NOT_YET = literal("the list has not been fetched yet");
const STALE = literal("the list has not been fetched for longer than its ttl");
const STATUS = literal("the list could not be fetched: status ");
const FIRST_STATUS: u32 = 100;
const SIZE_MAX_BYTES: usize = 64;

/** By FetchFailure. */
const TEXTS: StaticArray<Slice> = [
  NOT_YET,
  literal("the list could not be fetched: no answer"),
  literal("the list could not be fetched: timeout"),
  literal("the list that was fetched is too large"),
  literal("the list that was fetched has bad entries"),
  literal("the list could not be stored in shared data"),
  literal("the list could not be fetched: no call was possible"),
];
const writer = new Writer();

/** Why there is no list: the last failure, or that there was none yet. */
export function whyNoList(failure: u32, hadOne: bool): Slice {
  if (failure == FetchFailure.None) return hadOne ? STALE : NOT_YET;
  if (failure < <u32>TEXTS.length) return unchecked(TEXTS[failure]);
  if (failure < FIRST_STATUS) return NOT_YET;
  const at = takeArena(SIZE_MAX_BYTES);
  if (at == 0) return NOT_YET;
  writer.open(at, SIZE_MAX_BYTES);
  writer.bytes(STATUS);
  writer.decimal(failure);
  return writer.written;
}
