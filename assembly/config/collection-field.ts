// Fields with many values: lists, maps, nested objects, and groups of which one may be given. Cold.

import { Report } from "../diagnostic/report";
import { Field } from "./field";
import { Node, NodeKind } from "./node";
import { Params } from "./params";
import { TextMap, readTextList, readTextMap } from "./text-collection";
import { failType, readDouble } from "./value-reader";

/** A list of strings. */
export class TextListField extends Field {
  /** The strings; empty when none are given. */
  value: string[] = [];

  /** The node of the string at `index`, for positions. */
  nodeAt(index: i32): Node | null {
    const node = this.node;
    return node === null || index >= node.items.length ? null : node.items[index];
  }

  protected parse(node: Node, report: Report): void {
    this.value = readTextList(node, report);
  }
}

/** A map from string to string. */
export class TextMapField extends Field {
  /** The entries in the order of the document; empty when none are given. */
  value: TextMap = new TextMap();

  constructor(
    name: string,
    private readonly takesNumbers: bool,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readTextMap(node, report, this.takesNumbers);
  }
}

/** A list of numbers. */
export class DoubleListField extends Field {
  /** The numbers; empty when none are given. */
  value: f64[] = [];

  constructor(
    name: string,
    private readonly least: f64,
    private readonly most: f64,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    if (node.kind != NodeKind.List) failType(node, report, "a list of numbers");
    for (let index = 0; index < node.items.length; index++) {
      this.value.push(readDouble(node.items[index], report, 0, this.least, this.most));
    }
  }
}

/** A nested object; there is always a value, with its defaults when none is given. */
export class ObjectField<T extends Params> extends Field {
  constructor(
    name: string,
    public value: T,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value.read(node, report);
  }
}

/** A list of objects. */
export class ObjectListField<T extends Params> extends Field {
  /** The objects; empty when none are given. */
  value: T[] = [];

  constructor(
    name: string,
    private readonly make: () => T,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    if (node.kind != NodeKind.List) failType(node, report, "a list of objects");
    for (let index = 0; index < node.items.length; index++) {
      const make = this.make;
      const params = make();
      params.read(node.items[index], report);
      this.value.push(params);
    }
  }
}

/** A map from string to object. */
export class ObjectMapField<T extends Params> extends Field {
  /** The keys in the order of the document. */
  keys: string[] = [];
  /** The objects, in the order of the keys. */
  value: T[] = [];

  constructor(
    name: string,
    private readonly make: () => T,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    if (!node.isObject) failType(node, report, "an object of objects");
    for (let index = 0; index < node.keys.length; index++) {
      const make = this.make;
      const params = make();
      params.read(node.values[index], report);
      this.keys.push(node.keys[index]);
      this.value.push(params);
    }
  }
}
