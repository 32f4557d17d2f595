// The `root_id` that stands for one plugin's document, so that streams of several documents are
// told apart without a callback for each. `mixer render` writes the same (tools/render/root-id.ts).
// Cold.

import { literal, textOf } from "../memory/literal";
import { Slice } from "../memory/slice";
import { hexOfHash } from "../expression/hex-text";

const ROOT_ID_SIZE: i32 = 32;

/** Half a SHA-256 of a plugin's configuration, as Envoy hands it over, and its name. */
export function rootIdOf(pluginName: string, configuration: Slice): string {
  const digits = textOf(hexOfHash(configuration));
  return textOf(hexOfHash(literal(digits + pluginName))).substring(0, ROOT_ID_SIZE);
}
