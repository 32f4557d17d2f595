// The `root_id` that stands for one plugin's document, so that streams of several documents are
// told apart without a callback for each. `mixer render` writes the same (tools/render/root-id.ts).
// Cold.

import { hash } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";

const DIGITS = "0123456789abcdef";

/** Sixteen hexadecimal digits of a plugin's name and its configuration as Envoy hands it over. */
export function rootIdOf(pluginName: string, configuration: Slice): string {
  const value = hash(configuration, hash(literal(pluginName), 0));
  let id = "";
  for (let shift: u64 = 64; shift != 0; shift -= 4)
    id += DIGITS.charAt(<i32>((value >> (shift - 4)) & 15));
  return id;
}
