// Addresses and ports as bytes, so that ranges are prefixes: an address is its family and its
// bytes, a port two bytes. Hot.

import {
  Slice,
  ValueType,
  emptySlice,
  hasValue,
  intAt,
  isAbsentAt,
  parseHostPort,
  sizeOf,
  slice,
  startOf,
  textAt,
  typeAt,
  unmapIp,
} from "../../assembly/sdk";
import { Fact, FactState, Question } from "./fact";
import { PatternSet } from "./pattern-set";

/** Family and address. */
const ADDRESS_SIZE_BYTES: usize = 17;
const PARSED: usize = memory.data(20, 8);
/** The path of a Unix socket begins so. */
const SLASH: u8 = 47;
const AT: u8 = 64;

/** An IP address. */
export class NetworkAddress extends Fact {
  private text: Slice = emptySlice();
  private readonly memory: StaticArray<u8> = new StaticArray<u8>(<i32>ADDRESS_SIZE_BYTES);

  constructor(
    private readonly slot: i32,
    /** Whether every peer has one, so that none was told where there is none. */
    private readonly isAlwaysThere: bool,
  ) {
    super(false);
  }

  load(question: Question): void {
    const cell = question.cell(this.slot);
    if (!hasValue(cell)) {
      const isAbsent = isAbsentAt(cell) && !this.isAlwaysThere;
      this.state = isAbsent ? FactState.Absent : FactState.Unknown;
    } else if (typeAt(cell) == ValueType.IpAddress) {
      this.set(textAt(cell));
    } else if (typeAt(cell) == ValueType.String) {
      this.parse(textAt(cell));
    } else {
      this.state = FactState.Unknown;
    }
  }

  visit(set: PatternSet, bits: usize): bool {
    return set.visit(this.text, bits);
  }

  private parse(text: Slice): void {
    const size = parseHostPort(text, PARSED);
    const first = sizeOf(text) == 0 ? SLASH : load<u8>(startOf(text));
    if (size > 0) this.set(slice(PARSED, size));
    else this.state = first == SLASH || first == AT ? FactState.Absent : FactState.Unknown;
  }

  private set(address: Slice): void {
    const at = changetype<usize>(this.memory);
    this.text = slice(at, writeAddress(address, at));
    this.state = FactState.Known;
  }
}

/** Writes family and bytes of an address, IPv4 in either form as IPv4; how many bytes. */
export function writeAddress(address: Slice, to: usize): usize {
  const plain = unmapIp(address);
  store<u8>(to, <u8>sizeOf(plain));
  memory.copy(to + 1, startOf(plain), sizeOf(plain));
  return sizeOf(plain) + 1;
}

/** A port. */
export class NetworkPort extends Fact {
  private readonly memory: StaticArray<u8> = new StaticArray<u8>(2);

  constructor(private readonly slot: i32) {
    super(false);
  }

  load(question: Question): void {
    const cell = question.cell(this.slot);
    let port: i64 = -1;
    if (!hasValue(cell)) {
      this.state = isAbsentAt(cell) ? FactState.Absent : FactState.Unknown;
      return;
    }
    if (typeAt(cell) == ValueType.Int64) port = intAt(cell);
    else if (typeAt(cell) == ValueType.String && sizeOf(textAt(cell)) == 8) {
      port = load<i64>(startOf(textAt(cell)));
    }
    const isPort = port >= 0 && port <= 65535;
    store<u16>(changetype<usize>(this.memory), <u16>port);
    this.state = isPort ? FactState.Known : FactState.Unknown;
  }

  visit(set: PatternSet, bits: usize): bool {
    return set.visit(slice(changetype<usize>(this.memory), 2), bits);
  }
}
