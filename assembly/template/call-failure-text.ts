// Why a call was not made, in words. Hot.

import { literal } from "../memory/literal";
import { Slice, emptySlice } from "../memory/slice";
import { CallFailure } from "../abi/callouts";

const TEXTS: StaticArray<Slice> = [
  emptySlice(),
  literal("Envoy has no such cluster"),
  literal("the cluster has no endpoint"),
  literal("the call was refused"),
  literal("the backend did not answer before and is not asked now"),
  literal("the request to the backend was too large or not valid"),
];

/** The reason as a part of a denial message. */
export function callFailureText(failure: CallFailure): Slice {
  const number = <i32>failure;
  return number < TEXTS.length ? unchecked(TEXTS[number]) : emptySlice();
}
