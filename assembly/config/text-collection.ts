// Lists and maps of strings. Cold.

import { Report } from "../diagnostic/report";
import { Node, NodeKind } from "./node";
import { failType, numberText } from "./value-reader";

/** A map from string to string, in the order of the document. */
export class TextMap {
  readonly keys: string[] = [];
  readonly values: string[] = [];
  /** The values' nodes, for positions. */
  readonly nodes: Node[] = [];

  /** How many entries. */
  get size(): i32 {
    return this.keys.length;
  }

  /** The value of a key; "" when there is none. */
  get(key: string): string {
    const index = this.keys.indexOf(key);
    return index < 0 ? "" : this.values[index];
  }

  /** Whether there is such a key. */
  has(key: string): bool {
    return this.keys.includes(key);
  }
}

/** The strings of a list; reports items that are something else and leaves them out. */
export function readTextList(node: Node, report: Report): string[] {
  const texts: string[] = [];
  if (node.kind != NodeKind.List) failType(node, report, "a list of strings");
  for (let index = 0; index < node.items.length; index++) {
    const item = node.items[index];
    if (item.isText) texts.push(item.string());
    else failType(item, report, "a string");
  }
  return texts;
}

/**
 * The entries of an object; reports values that are no strings and leaves them out. With
 * `takesNumbers` a number counts as its text: words that stand for numbers are written either way.
 */
export function readTextMap(node: Node, report: Report, takesNumbers: bool = false): TextMap {
  const map = new TextMap();
  if (!node.isObject) failType(node, report, "an object of strings");
  for (let index = 0; index < node.keys.length; index++) {
    const value = node.values[index];
    const isNumber = takesNumbers && value.kind == NodeKind.Number;
    if (!value.isText && !isNumber) {
      failType(value, report, "a string");
      continue;
    }
    map.keys.push(node.keys[index]);
    map.values.push(isNumber ? numberText(value) : value.string());
    map.nodes.push(value);
  }
  return map;
}
