// What CEL calls the types, by the numbers of ValueType. Both.

import { ValueType } from "../../shared/types";
import { literal, textOf } from "../../memory/literal";
import { Slice, emptySlice } from "../../memory/slice";

const NAMES: StaticArray<Slice> = [
  emptySlice(),
  literal("string"),
  literal("int"),
  literal("double"),
  literal("bool"),
  literal("google.protobuf.Timestamp"),
  literal("ip_address"),
  literal("email_address"),
  literal("uri"),
  literal("dns_name"),
  literal("google.protobuf.Duration"),
  emptySlice(),
  literal("bytes"),
  literal("uint"),
  literal("list"),
  literal("map"),
  literal("null_type"),
  literal("type"),
  literal("dyn"),
];

/** The name of a type. */
export function celTypeName(type: u32): Slice {
  return unchecked(NAMES[type == ValueType.StringMap ? <u32>ValueType.Map : type]);
}

/** The type that an expression names so; Unspecified for other names. `dyn` names none. */
export function celTypeOf(name: string): ValueType {
  if (name.length == 0) return ValueType.Unspecified;
  for (let type = 1; type < <i32>ValueType.Dynamic; type++) {
    if (textOf(NAMES[type]) == name) return <ValueType>type;
  }
  return ValueType.Unspecified;
}
