// Hands the description of the last configuration to the tools. Cold.

import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { lastDescription } from "./roots";

/** JSON text that lives until the VM ends; tools ask once. */
export function describeLast(): Slice {
  return literal(lastDescription());
}
