// What a TCP connection's record has beyond a request's: a block of its own, so that requests carry
// none of it. Byte counters, what of them has been reported, and the list of live connections. Hot.
//
//   0          8      16                  24
//   | received | sent | reported received | reported sent
//   32      36      40            48     52         56     60
//   | event | state | next report | next | previous | held |

import { giveBlock, takeBlock } from "../memory/blocks";
import { RecordFlag, addRecordFlag } from "./record";

const TRAFFIC: usize = 92;
const TRAFFIC_SIZE_BYTES: usize = 64;

/** Why a connection is reported; Mixer's `connection.event`. */
export const enum ConnectionEvent {
  None = 0,
  Open = 1,
  Continue = 2,
  Close = 3,
}

/** How far the policy of a connection has come. */
export const enum ConnectionState {
  /** Nothing is decided: no data has come yet. */
  New = 0,
  /** The check waits for an answer. */
  Waiting = 1,
  Passed = 2,
  Denied = 3,
}

// @ts-ignore: decorator
@inline
function trafficOf(record: usize): usize {
  return <usize>load<u32>(record, TRAFFIC);
}

/** Makes a record a connection's; false without memory. */
export function openTraffic(record: usize): bool {
  const traffic = takeBlock(TRAFFIC_SIZE_BYTES);
  if (traffic == 0) return false;
  memory.fill(traffic, 0, TRAFFIC_SIZE_BYTES);
  store<u32>(record, <u32>traffic, TRAFFIC);
  addRecordFlag(record, RecordFlag.Connection);
  return true;
}

/** Gives the block back. */
export function dropTraffic(record: usize): void {
  giveBlock(trafficOf(record), TRAFFIC_SIZE_BYTES);
  store<u32>(record, 0, TRAFFIC);
}

/** Bytes that came from the client. */
export function receivedBytes(record: usize): u64 {
  return load<u64>(trafficOf(record));
}

/** Bytes that went to the client. */
export function sentBytes(record: usize): u64 {
  return load<u64>(trafficOf(record), 8);
}

/** How many of them the last report had. */
export function reportedReceivedBytes(record: usize): u64 {
  return load<u64>(trafficOf(record), 16);
}

/** How many of them the last report had. */
export function reportedSentBytes(record: usize): u64 {
  return load<u64>(trafficOf(record), 24);
}

/**
 * Counts what the client's buffer holds, `size` bytes. What was held back before is shown again, in
 * front of what is new, and counts once.
 */
export function addReceived(record: usize, size: u32): void {
  const traffic = trafficOf(record);
  const held = load<u32>(traffic, 56);
  if (size > held) store<u64>(traffic, load<u64>(traffic) + size - held);
  store<u32>(traffic, size, 56);
}

/** What the buffer held goes on, and is not shown again. */
export function passReceived(record: usize): void {
  store<u32>(trafficOf(record), 0, 56);
}

/** Counts what goes to the client. */
export function addSent(record: usize, size: u32): void {
  const traffic = trafficOf(record);
  store<u64>(traffic, load<u64>(traffic, 8) + size, 8);
}

/** What is being reported; None outside of reports. */
export function connectionEvent(record: usize): ConnectionEvent {
  return <ConnectionEvent>load<u32>(trafficOf(record), 32);
}

/** A report of this event begins. */
export function beginReport(record: usize, event: ConnectionEvent): void {
  store<u32>(trafficOf(record), event, 32);
}

/** The report is over: what it had is not reported again. The next one is due at `nextNs`. */
export function endReport(record: usize, nextNs: u64): void {
  const traffic = trafficOf(record);
  store<u64>(traffic, load<u64>(traffic), 16);
  store<u64>(traffic, load<u64>(traffic, 8), 24);
  store<u32>(traffic, ConnectionEvent.None, 32);
  store<u64>(traffic, nextNs, 40);
}

/** Monotonic nanoseconds at which the next report is due. */
export function nextReport(record: usize): u64 {
  return load<u64>(trafficOf(record), 40);
}

/** How far its policy has come. */
export function connectionState(record: usize): ConnectionState {
  return <ConnectionState>load<u32>(trafficOf(record), 36);
}

/** Its policy has come this far. */
export function setConnectionState(record: usize, state: ConnectionState): void {
  store<u32>(trafficOf(record), state, 36);
}

/** The connection behind this one in the list of its root; 0 = the last. */
export function nextConnection(record: usize): usize {
  return <usize>load<u32>(trafficOf(record), 48);
}

/** Puts a connection in front of a list; returns the list's new first. */
export function linkConnection(first: usize, record: usize): usize {
  store<u32>(trafficOf(record), <u32>first, 48);
  if (first != 0) store<u32>(trafficOf(first), <u32>record, 52);
  return record;
}

/** Takes a connection out of a list; returns the list's first. */
export function unlinkConnection(first: usize, record: usize): usize {
  const next = <usize>load<u32>(trafficOf(record), 48);
  const previous = <usize>load<u32>(trafficOf(record), 52);
  if (next != 0) store<u32>(trafficOf(next), <u32>previous, 52);
  if (previous == 0) return next;
  store<u32>(trafficOf(previous), <u32>next, 48);
  return first;
}
