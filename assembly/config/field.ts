// Fields of an adapter's parameters with one value: how each is declared, read, and found again in
// the document. Cold.

import { Place } from "../diagnostic/place";
import { Report } from "../diagnostic/report";
import { Node } from "./node";
import { ObjectReader } from "./object-reader";
import { readBool, readChoice, readDouble, readDuration, readInt, readText } from "./value-reader";

/** One field. Declared by a method of Params, filled by `Params.read`. */
export abstract class Field {
  /** The value in the document; null when it is not given. */
  node: Node | null = null;
  /** Whether a value is given. */
  isSet: bool = false;
  /** Whether leaving it out is an error. */
  isRequired: bool = false;
  private holder: Node | null = null;

  constructor(
    /** In camelCase. */
    readonly name: string,
  ) {}

  /** Reads the field from its object. `at` is where a missing object would have stood. */
  take(reader: ObjectReader, at: Node | null): void {
    this.holder = at;
    const value = this.isRequired ? reader.required(this.name) : reader.child(this.name);
    if (value === null) return;
    this.node = value;
    this.isSet = true;
    this.parse(value, reader.report);
  }

  /** Where the value stands; the object that should have it when it is not given. */
  place(): Place {
    const node = this.node;
    if (node !== null) return node.place();
    const holder = this.holder;
    return holder === null ? Place.document() : holder.place();
  }

  /** Sets the value from a node of any kind but null. */
  protected abstract parse(node: Node, report: Report): void;
}

/** true or false. */
export class BoolField extends Field {
  constructor(
    name: string,
    /** The value, or the default. */
    public value: bool,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readBool(node, report, this.value);
  }
}

/** An integer in a range. */
export class IntField extends Field {
  constructor(
    name: string,
    /** The value, or the default. */
    public value: i64,
    private readonly least: i64,
    private readonly most: i64,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readInt(node, report, this.value, this.least, this.most);
  }
}

/** A number in a range. */
export class DoubleField extends Field {
  constructor(
    name: string,
    /** The value, or the default. */
    public value: f64,
    private readonly least: f64,
    private readonly most: f64,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readDouble(node, report, this.value, this.least, this.most);
  }
}

/** A duration in a range; all in nanoseconds. */
export class DurationField extends Field {
  constructor(
    name: string,
    /** The value, or the default. */
    public value: i64,
    private readonly leastNs: i64,
    private readonly mostNs: i64,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readDuration(node, report, this.value, this.leastNs, this.mostNs);
  }
}

/** A string. */
export class TextField extends Field {
  constructor(
    name: string,
    /** The value, or the default. */
    public value: string,
    /** Never shown in a diagnostic. */
    private readonly isSecret: bool,
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    if (this.isSecret) report.hide(node.wholePlace());
    this.value = readText(node, report, this.value);
  }
}

/** One of a few words, as its number. */
export class ChoiceField extends Field {
  constructor(
    name: string,
    /** The number of the word, or of the default. */
    public value: i32,
    private readonly names: string[],
    private readonly numbers: i32[],
  ) {
    super(name);
  }

  protected parse(node: Node, report: Report): void {
    this.value = readChoice(node, report, this.value, this.names, this.numbers);
  }
}
