// The keys of a peer's metadata: those of node metadata, which travel in headers, and those of what
// Istio's filters leave in the filter state. Hot: allocates nothing.

import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, sizeOf } from "../memory/slice";
import { PEER_FIELD_KEYS, PeerField } from "./entry";

/** The labels, in node metadata. */
export const LABELS = literal("LABELS");
/** The labels, in the filter state. */
export const LABELS_LOWER = literal("labels");
/** The kind of workload, such as `deployment`. */
export const TYPE_LOWER = literal("type");
/** The SPIFFE identity, in node metadata. */
export const IDENTITY = literal("IDENTITY");
/** The same in the filter state. */
export const IDENTITY_LOWER = literal("identity");

const KEYS = literals(PEER_FIELD_KEYS);
// In the order of PeerField; the filter state has neither owner nor service account.
const KEYS_LOWER = literals(["name", "namespace", "workload", "", "", "labels", "cluster"]);

/** Keys of the filter state that are labels. */
export const LABEL_KEYS = literals(["app", "version", "service", "revision"]);
/** The labels that they are. */
export const LABEL_NAMES = literals([
  "app",
  "version",
  "service.istio.io/canonical-name",
  "service.istio.io/canonical-revision",
]);

/** The key of a field in node metadata. */
export function keyOf(field: PeerField): Slice {
  return unchecked(KEYS[field]);
}

/** The key of a field in the filter state. */
export function lowerKeyOf(field: PeerField): Slice {
  return unchecked(KEYS_LOWER[field]);
}

/** Whether texts with this key are read. */
export function isPeerKey(key: Slice): bool {
  for (let field = 0; field < KEYS.length; field++) {
    if (equal(key, unchecked(KEYS[field]))) return true;
    const lower = unchecked(KEYS_LOWER[field]);
    if (sizeOf(lower) > 0 && equal(key, lower)) return true;
  }
  for (let at = 0; at < LABEL_KEYS.length; at++) {
    if (equal(key, unchecked(LABEL_KEYS[at]))) return true;
  }
  return equal(key, TYPE_LOWER) || equal(key, IDENTITY) || equal(key, IDENTITY_LOWER);
}

function literals(texts: string[]): StaticArray<Slice> {
  const all = new StaticArray<Slice>(texts.length);
  for (let at = 0; at < texts.length; at++) all[at] = literal(texts[at]);
  return all;
}
