// Which instruction and which bits a condition takes. Cold.

import { FunctionId } from "../shared/functions";
import { AbsentMode, Op, Order } from "../shared/opcodes";
import { TestKind } from "./literal-test";

/** The bit of the mode for what an absent attribute means. */
export function absentMode(holds: bool): i32 {
  return holds ? AbsentMode.True : AbsentMode.False;
}

/** The instruction that compares the popped text with a literal. */
export function poppedOp(kind: TestKind): Op {
  if (kind == TestKind.Equal) return Op.Equal;
  if (kind == TestKind.Prefix) return Op.StartsWith;
  return kind == TestKind.Suffix ? Op.EndsWith : Op.MatchesPattern;
}

/** The instruction that compares an attribute with a literal. */
export function attributeOp(kind: TestKind): Op {
  if (kind == TestKind.Equal) return Op.TestEqual;
  if (kind == TestKind.Prefix) return Op.TestPrefix;
  return kind == TestKind.Suffix ? Op.TestSuffix : Op.TestPattern;
}

/** The orders that make a comparison true, as bits of Order; 0 when it is none. */
export function ordersOf(callee: FunctionId): i32 {
  switch (<i32>callee) {
    case FunctionId.Less:
      return Order.Less;
    case FunctionId.LessOrEqual:
      return Order.Less | Order.Equal;
    case FunctionId.Greater:
      return Order.Greater;
    case FunctionId.GreaterOrEqual:
      return Order.Greater | Order.Equal;
    case FunctionId.Equal:
      return Order.Equal;
    case FunctionId.NotEqual:
      return Order.Less | Order.Greater;
    default:
      return 0;
  }
}

/** The orders of the comparison with its sides exchanged. */
export function mirrored(orders: i32): i32 {
  const less = (orders & Order.Less) != 0 ? Order.Greater : 0;
  const greater = (orders & Order.Greater) != 0 ? Order.Less : 0;
  return (orders & Order.Equal) | less | greater;
}
