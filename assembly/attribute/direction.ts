// The listener's direction, asked at most once in each phase of a stream: several listeners may
// share one root context, so it is never kept longer. Hot.

import { literal } from "../memory/literal";
import { sizeOf, startOf } from "../memory/slice";
import { readProperty } from "../abi/properties";
import { Bag } from "./bag";
import { Direction } from "./entry";

const LISTENER_DIRECTION = literal("xds\0listener_direction");

/** Reads the direction of the current stream's listener; Inbound where Envoy does not say. */
export function readDirection(): i32 {
  const bytes = readProperty(LISTENER_DIRECTION);
  if (sizeOf(bytes) == 8 && load<i64>(startOf(bytes)) == <i64>Direction.Outbound) {
    return Direction.Outbound;
  }
  return Direction.Inbound;
}

/** The direction of the current stream's listener; asked once in each phase. */
export function directionOf(bag: Bag): i32 {
  if (bag.direction < 0) bag.direction = readDirection();
  return bag.direction;
}
