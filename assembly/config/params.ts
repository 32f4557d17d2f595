// An adapter's parameters, declared once: a subclass has one field initialiser for each parameter,
// with its default and bounds. The reader, the JSON Schema and the documentation come from there.
// Cold.

import { Place } from "../diagnostic/place";
import { Report } from "../diagnostic/report";
import { DiagnosticCode } from "../shared/diagnostics";
import {
  DoubleListField,
  ObjectField,
  ObjectListField,
  ObjectMapField,
  TextListField,
  TextMapField,
} from "./collection-field";
import {
  BoolField,
  ChoiceField,
  DoubleField,
  DurationField,
  Field,
  IntField,
  TextField,
} from "./field";
import { Node, NodeKind } from "./node";
import { ObjectReader } from "./object-reader";
import { OneOf } from "./one-of";
import { StatusField } from "./status-field";

/** Base of all parameters, nested ones too. */
export class Params {
  /** The object in the document; null when none is given. */
  node: Node | null = null;
  private readonly declaredFields: Field[] = [];
  private readonly declaredGroups: OneOf[] = [];
  private readonly refusedNames: string[] = [];
  private instead: string = "";

  /**
   * Fills every declared field from `node`; without one, all keep their defaults. Unknown, missing
   * and wrong fields are reported. `at` is what to point at when there is no object.
   */
  read(node: Node | null, report: Report, at: Node | null = null): void {
    const holder = node !== null ? node : at !== null ? at : new Node(NodeKind.Null, 0);
    const object = node !== null ? node : this.emptyAt(holder);
    this.node = node;
    const reader = new ObjectReader(object, report, "parameters");
    for (let index = 0; index < this.declaredFields.length; index++) {
      this.declaredFields[index].take(reader, holder);
    }
    reader.notYet(this.refusedNames, this.instead);
    reader.finish();
    for (let index = 0; index < this.declaredGroups.length; index++) {
      this.declaredGroups[index].check(report);
    }
    this.verify(report);
  }

  /** What single fields cannot say: a subclass reports it here, after all fields are filled. */
  verify(report: Report): void {}

  /** Where the parameters stand. */
  place(): Place {
    const node = this.node;
    return node === null ? Place.document() : node.place();
  }

  /** true or false. */
  protected boolField(name: string, fallback: bool): BoolField {
    return this.add(new BoolField(name, fallback));
  }

  /** An integer. */
  protected intField(name: string, fallback: i64, least: i64, most: i64): IntField {
    return this.add(new IntField(name, fallback, least, most));
  }

  /** A number. */
  protected doubleField(name: string, fallback: f64, least: f64, most: f64): DoubleField {
    return this.add(new DoubleField(name, fallback, least, most));
  }

  /** A duration; bounds and default in nanoseconds. */
  protected durationField(name: string, fallbackNs: i64, leastNs: i64, mostNs: i64): DurationField {
    return this.add(new DurationField(name, fallbackNs, leastNs, mostNs));
  }

  /** A string; a secret one is never shown. */
  protected textField(name: string, fallback: string, isSecret: bool = false): TextField {
    return this.add(new TextField(name, fallback, isSecret));
  }

  /** One of `names`, which stand for `numbers`; the number may be written too. */
  protected choiceField(name: string, fallback: i32, names: string[], numbers: i32[]): ChoiceField {
    return this.add(new ChoiceField(name, fallback, names, numbers));
  }

  /** A google.rpc.Status. */
  protected statusField(name: string, fallback: i32): StatusField {
    return this.add(new StatusField(name, fallback));
  }

  /** A list of strings. */
  protected textListField(name: string): TextListField {
    return this.add(new TextListField(name));
  }

  /** A map from string to string; with `takesNumbers` a number counts as its text. */
  protected textMapField(name: string, takesNumbers: bool = false): TextMapField {
    return this.add(new TextMapField(name, takesNumbers));
  }

  /** A list of numbers. */
  protected doubleListField(name: string, least: f64, most: f64): DoubleListField {
    return this.add(new DoubleListField(name, least, most));
  }

  /** A nested object. */
  protected objectField<T extends Params>(name: string, value: T): ObjectField<T> {
    return this.add(new ObjectField<T>(name, value));
  }

  /** A list of objects, each made by `make`. */
  protected objectListField<T extends Params>(name: string, make: () => T): ObjectListField<T> {
    return this.add(new ObjectListField<T>(name, make));
  }

  /** A map from string to object, each made by `make`. */
  protected objectMapField<T extends Params>(name: string, make: () => T): ObjectMapField<T> {
    return this.add(new ObjectMapField<T>(name, make));
  }

  /** Makes a declared field one that must be given: `this.required(this.textField("name", ""))`. */
  protected required<T extends Field>(field: T): T {
    field.isRequired = true;
    return field;
  }

  /** At most one of the fields may be given. */
  protected oneOf(fields: Field[]): OneOf {
    const group = new OneOf(fields);
    this.declaredGroups.push(group);
    return group;
  }

  /** Fields that are refused by name; `instead` says what is written in their place. */
  protected notYet(names: string[], instead: string = ""): i32 {
    this.instead = instead;
    for (let index = 0; index < names.length; index++) this.refusedNames.push(names[index]);
    return names.length;
  }

  private add<T extends Field>(field: T): T {
    this.declaredFields.push(field);
    return field;
  }

  // An object without fields that stands where `holder` stands.
  private emptyAt(holder: Node): Node {
    const empty = new Node(NodeKind.Object, holder.source);
    empty.parent = holder.parent;
    empty.key = holder.key;
    empty.index = holder.index;
    empty.sourceOffset = holder.sourceOffset;
    empty.sourceSize = holder.sourceSize;
    return empty;
  }
}
