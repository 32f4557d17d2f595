// The attributes of the stream that is being served: cells that are filled on first use in a phase,
// each in the cheapest way its record allows. One bag for each root context, used for one stream at
// a time. Hot: allocates only in the arena.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { ABSENT, FAILED, Slice, isPresent } from "../memory/slice";
import { readProperty } from "../abi/properties";
import { decodeProperty } from "./decode";
import { decodeText } from "./decode-text";
import { derive } from "./derive";
import { deriveDuration, deriveResponseCode } from "./derive-response";
import {
  ENTRY_ARG,
  ENTRY_CAPTURE,
  ENTRY_DEFAULT,
  ENTRY_PATH,
  ENTRY_PROGRAM,
  ENTRY_SIZE_BYTES,
  EntryFlag,
  SourceKind,
} from "./entry";
import { BagLayout } from "./layout";
import { RecordFlag, recordFlags } from "./record";
import {
  CellState,
  EvaluationError,
  VALUE_SIZE_BYTES,
  ValueFlag,
  copyValue,
  setError,
  setState,
  setText,
  typeAt,
} from "./value";

/** Attribute values of the current stream in the current phase. */
export class Bag {
  /** Bits of Phase: where the current stream is. */
  phase: u32 = 0;
  /** The stream's record; 0 when it has none. */
  record: usize = 0;
  /** The listener's direction once somebody has asked in this phase; -1 before. */
  direction: i32 = -1;
  private epoch: u32 = 0;
  private captures: usize = 0;
  /** Whether the stream is a TCP connection, which has no headers. */
  isConnection: bool = false;
  private isLive: bool = false;
  private readonly entries: usize;
  private readonly cells: usize;
  private readonly epochs: usize;

  constructor(readonly layout: BagLayout) {
    this.entries = layout.entries;
    this.cells = layout.cells;
    this.epochs = layout.epochs;
  }

  /** Starts a phase of a stream: everything is unread again. `record` may be 0. */
  begin(phase: Phase, record: usize): void {
    this.phase = phase;
    this.record = record;
    this.direction = -1;
    this.epoch++;
    const flags = record == 0 ? 0 : recordFlags(record);
    // A stream that goes on behind an answer reads anew: what was kept for later may have been cut.
    const isKept = phase != Phase.Request && (flags & RecordFlag.Captured) != 0;
    this.captures = isKept ? record + this.layout.captureOffset : 0;
    // Request headers are live in their own callback, and in on_log for a stream that never had it.
    this.isConnection = (flags & RecordFlag.Connection) != 0;
    this.isLive =
      !this.isConnection && (phase == Phase.Request || (phase == Phase.Log && this.captures == 0));
    this.layout.requestHeaders.forget();
    this.layout.responseHeaders.forget();
    this.layout.responseHeaders.hasTrailers = phase == Phase.Log;
  }

  /** The cell of an attribute: a value, Absent, KeyAbsent (elements) or Error. */
  // @ts-ignore: decorator
  @inline
  read(index: u32): usize {
    const cell = this.cells + <usize>index * VALUE_SIZE_BYTES;
    if (load<u32>(this.epochs + ((<usize>index) << 2)) != this.epoch) this.fetch(index, cell);
    return cell;
  }

  /** The same for an attribute that another one is taken from, while that one is being filled. */
  readNested(index: u32): usize {
    if (this.isUnread(index)) this.fetch(index, this.cellOf(index));
    return this.cellOf(index);
  }

  /** Whether nobody has read the attribute in this phase. */
  isUnread(index: u32): bool {
    return load<u32>(this.epochs + ((<usize>index) << 2)) != this.epoch;
  }

  /** Declares the cell filled; whoever evaluates programs calls it. */
  // @ts-ignore: decorator
  @inline
  markRead(index: u32): void {
    store<u32>(this.epochs + ((<usize>index) << 2), this.epoch);
  }

  /** The cell itself, read or not. */
  cellOf(index: u32): usize {
    return this.cells + <usize>index * VALUE_SIZE_BYTES;
  }

  /** The program that gives an unread attribute, as an address; 0 when it has none. */
  // @ts-ignore: decorator
  @inline
  programOf(index: u32): usize {
    return load<u32>(this.entries + <usize>index * ENTRY_SIZE_BYTES, ENTRY_PROGRAM);
  }

  /** Whether the operator declared it: its program's failure reads as absent. */
  isDeclared(index: u32): bool {
    const entry = this.entries + <usize>index * ENTRY_SIZE_BYTES;
    return (load<u8>(entry, 2) & EntryFlag.Declared) != 0;
  }

  /** A request header by slot: ABSENT where request headers are not live. */
  requestHeader(slot: u32, isPseudo: bool): Slice {
    return this.liveHeader(slot, isPseudo);
  }

  // @ts-ignore: decorator
  @inline
  private liveHeader(slot: u32, isPseudo: bool): Slice {
    if (!this.isLive) return ABSENT;
    const table = this.layout.requestHeaders;
    return isPseudo && this.layout.isSingle ? table.single(slot) : table.value(slot);
  }

  private fetch(index: u32, cell: usize): void {
    this.markRead(index);
    const entry = this.entries + <usize>index * ENTRY_SIZE_BYTES;
    const capture = load<i32>(entry, ENTRY_CAPTURE);
    if (capture >= 0 && this.captures != 0) {
      copyValue(cell, this.captures + <usize>capture * VALUE_SIZE_BYTES);
      return;
    }
    this.fetchLive(index, entry, cell);
    if (load<u8>(cell) == <u8>CellState.Absent) {
      const fallback = <usize>load<u32>(entry, ENTRY_DEFAULT);
      if (fallback != 0 && this.hasFallback(load<u8>(entry))) copyValue(cell, fallback);
    }
  }

  // The default of a Directed one is its value; those of HTTP do not stand in for a connection's.
  private hasFallback(kind: u32): bool {
    return kind != SourceKind.Directed && (!this.isConnection || kind == SourceKind.Constant);
  }

  // @ts-ignore: decorator
  @inline
  private fetchLive(index: u32, entry: usize, cell: usize): void {
    const flags = <u32>load<u8>(entry, 2);
    if (this.isConnection && (flags & EntryFlag.Http) != 0) {
      setState(cell, CellState.Absent);
      return;
    }
    const slot = load<u32>(entry, ENTRY_ARG);
    const kind = <u32>load<u8>(entry);
    // In front of the others: most of what requests are asked is a header, and where a jump by
    // number goes is hard to foretell.
    if (kind == SourceKind.RequestHeader) {
      this.setHeader(cell, entry, this.liveHeader(slot, (flags & EntryFlag.Pseudo) != 0), index);
      return;
    }
    switch (kind) {
      case SourceKind.RequestHeaders:
        this.setMap(cell, this.isLive ? this.layout.requestHeaders.block() : ABSENT);
        return;
      case SourceKind.ResponseHeader:
        this.setHeader(cell, entry, this.layout.responseHeaders.value(slot), index);
        return;
      case SourceKind.ResponseHeaders:
        this.setMap(cell, this.layout.responseHeaders.block());
        return;
      case SourceKind.Property:
        if ((flags & EntryFlag.RequestOnly) != 0 && !this.isLive) setState(cell, CellState.Absent);
        else this.setProperty(index, entry, cell);
        return;
      case SourceKind.Constant:
        setState(cell, CellState.Absent);
        return;
      case SourceKind.Output:
        this.setKept(cell, this.layout.outputOffset + <usize>slot * VALUE_SIZE_BYTES);
        return;
      case SourceKind.Peer:
        this.setKept(cell, this.layout.peerOffset);
        return;
      case SourceKind.ResponseCode:
        deriveResponseCode(this, entry, cell, index);
        return;
      case SourceKind.ResponseDuration:
        if (!deriveDuration(this, cell)) this.setProperty(index, entry, cell);
        return;
      case SourceKind.Directed:
      case SourceKind.Derived:
        derive(this, entry, cell, index);
        return;
      default:
        setState(cell, CellState.Absent);
    }
  }

  // A record begins empty, and so does the cell of what nobody gave.
  private setKept(cell: usize, offset: usize): void {
    const kept = this.record + offset;
    if (this.record == 0 || typeAt(kept) == 0) setState(cell, CellState.Absent);
    else copyValue(cell, kept);
  }

  // @ts-ignore: decorator
  @inline
  private setHeader(cell: usize, entry: usize, value: Slice, index: u32): void {
    const flags = <u32>load<u8>(entry, 2);
    if (isPresent(value) && (flags & EntryFlag.Text) == 0) setText(cell, ValueType.String, value);
    else this.setOtherHeader(cell, entry, value, index);
  }

  private setOtherHeader(cell: usize, entry: usize, value: Slice, index: u32): void {
    const flags = <u32>load<u8>(entry, 2);
    if (value == FAILED) setError(cell, EvaluationError.HostFailed, 0);
    else if (value != ABSENT) decodeText(cell, <ValueType>load<u8>(entry, 1), value, index);
    else setState(cell, (flags & EntryFlag.Element) != 0 ? CellState.KeyAbsent : CellState.Absent);
  }

  private setMap(cell: usize, block: Slice): void {
    if (block == FAILED) setError(cell, EvaluationError.HostFailed, 0);
    else if (block == ABSENT) setState(cell, CellState.Absent);
    else setText(cell, ValueType.StringMap, block, ValueFlag.Headers);
  }

  private setProperty(index: u32, entry: usize, cell: usize): void {
    const bytes = readProperty(load<u64>(entry, ENTRY_PATH));
    if (bytes == FAILED) setError(cell, EvaluationError.HostFailed, 0);
    else if (bytes == ABSENT) setState(cell, CellState.Absent);
    else decodeProperty(cell, entry, bytes, index);
  }
}
