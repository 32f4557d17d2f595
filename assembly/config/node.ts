// A document as a tree of values, each of which knows where it stands. The same for JSON text and
// for a protobuf Struct. Says nothing about what a document means. Cold.

import { DOCUMENT_VALUE_COUNT_MAX, DOCUMENT_KEY_SIZE_MAX_BYTES } from "../shared/limits";
import { Place } from "../diagnostic/place";
import { textOf } from "../memory/literal";
import { ABSENT, Slice, isPresent, sizeOf, startOf } from "../memory/slice";
import { writtenOffset } from "./escape";
import { isFieldName } from "./field-name";
import { replaced } from "../text/strings";

/** What a value is. */
export const enum NodeKind {
  Null,
  Bool,
  Number,
  Text,
  List,
  Object,
}

/** Most values of one document: a tree of them takes about a hundred bytes each. */
export const VALUE_COUNT_MAX = DOCUMENT_VALUE_COUNT_MAX;

/** Longest key of an object: keys stand in pointers and messages. */
export const KEY_SIZE_MAX_BYTES: usize = DOCUMENT_KEY_SIZE_MAX_BYTES;

const KIND_NAMES: string[] = ["null", "a boolean", "a number", "a string", "a list", "an object"];
const NO_TEXTS: string[] = [];
const NO_NODES: Node[] = [];

/** One value of a document. Its bytes live as long as the region of the document. */
export class Node {
  /** Decoded text of Text; source text of a Number in JSON; else ABSENT. */
  text: Slice = ABSENT;
  /** Text as the document has it, where `text` has values of the environment in it; else ABSENT. */
  written: Slice = ABSENT;
  /** The value of a Number. */
  double: f64 = 0;
  /** The value of a Bool. */
  isTrue: bool = false;
  /** Keys of an Object, in the order of the document; each once. */
  keys: string[] = NO_TEXTS;
  /** Values of an Object, in the order of its keys. */
  values: Node[] = NO_NODES;
  /** Items of a List. */
  items: Node[] = NO_NODES;
  /** The object or list that this value stands in; null for the document itself. */
  parent: Node | null = null;
  /** Its key, where it stands in an object. */
  key: string = "";
  /** Position in the parent's `values` or `items`. */
  index: i32 = 0;
  /** Where the value is written in the JSON text, in bytes; -1 in a Struct. */
  sourceOffset: i32 = -1;
  sourceSize: i32 = 0;
  /** Where its key is written, quotes included. */
  keyOffset: i32 = -1;
  keySize: i32 = 0;

  constructor(
    readonly kind: NodeKind,
    /** The JSON text; ABSENT for a Struct. */
    readonly source: Slice,
  ) {}

  /** Whether this is an object. */
  get isObject(): bool {
    return this.kind == NodeKind.Object;
  }

  /** Whether this is a string. */
  get isText(): bool {
    return this.kind == NodeKind.Text;
  }

  /** The kind in words, for messages: `a number`. */
  get kindName(): string {
    return KIND_NAMES[this.kind];
  }

  /** The text of Text (or a JSON number's source text) as a string; "" for other kinds. */
  string(): string {
    return isPresent(this.text) ? textOf(this.text) : "";
  }

  /** The member whose key is the field's camelCase name or its snake_case form; null if none. */
  find(name: string): Node | null {
    const index = this.indexOf(name);
    return index < 0 ? null : this.values[index];
  }

  /** The index of that member; -1 if none. */
  indexOf(name: string, from: i32 = 0): i32 {
    for (let index = from; index < this.keys.length; index++) {
      if (isFieldName(this.keys[index], name)) return index;
    }
    return -1;
  }

  /** The member with exactly this key; null if none. */
  member(key: string): Node | null {
    const index = this.keys.indexOf(key);
    return index < 0 ? null : this.values[index];
  }

  /** Appends a member; the caller has made sure that the key is new. */
  addMember(key: string, value: Node): void {
    if (this.keys === NO_TEXTS) {
      this.keys = new Array<string>();
      this.values = new Array<Node>();
    }
    value.parent = this;
    value.key = key;
    value.index = this.keys.length;
    this.keys.push(key);
    this.values.push(value);
  }

  /** Appends an item. */
  addItem(item: Node): void {
    if (this.items === NO_NODES) this.items = new Array<Node>();
    item.parent = this;
    item.index = this.items.length;
    this.items.push(item);
  }

  /** JSON pointer of this value; "" for the document itself. */
  pointer(): string {
    const tokens: string[] = [];
    let node: Node = this;
    for (let parent = node.parent; parent !== null; parent = node.parent) {
      const isList = parent.kind == NodeKind.List;
      tokens.push(isList ? node.index.toString() : pointerToken(node.key));
      node = parent;
    }
    return tokens.length == 0 ? "" : "/" + tokens.reverse().join("/");
  }

  /** The value; of an object or list only its opening bracket is underlined. */
  place(): Place {
    const isBracket = this.kind == NodeKind.Object || this.kind == NodeKind.List;
    const sourceSize = isBracket ? min(1, this.sourceSize) : this.sourceSize;
    const place = new Place(this.pointer(), false, -1, 0, this.sourceOffset, sourceSize);
    if (this.isText) place.text = isPresent(this.written) ? this.written : this.text;
    return place;
  }

  /** Every byte of the value. */
  wholePlace(): Place {
    const place = this.place();
    place.sourceSize = this.sourceSize;
    return place;
  }

  /** The key of the member at `index`. */
  keyPlace(index: i32): Place {
    const member = this.values[index];
    return new Place(member.pointer(), true, -1, 0, member.keyOffset, member.keySize);
  }

  /** A part of a Text: bytes of the decoded text, clamped to it. */
  placeAt(offset: i32, size: i32): Place {
    const textSize = <i32>sizeOf(this.text);
    const from = max(0, min(offset, textSize));
    const count = max(0, min(size, textSize - from));
    const place = this.place();
    place.offset = from;
    place.size = count;
    if (this.sourceOffset < 0 || !this.isText) return place;
    const written = startOf(this.source) + this.sourceOffset;
    const start = writtenOffset(written, this.sourceSize, from);
    const end = writtenOffset(written, this.sourceSize, from + count);
    place.sourceOffset = this.sourceOffset + start;
    place.sourceSize = end - start;
    return place;
  }
}

/** One token of a JSON pointer (RFC 6901). */
export function pointerToken(key: string): string {
  if (!key.includes("~") && !key.includes("/")) return key;
  return replaced(replaced(key, "~", "~0"), "/", "~1");
}
