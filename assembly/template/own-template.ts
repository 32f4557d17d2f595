// A template that an adapter brings itself: a name and typed fields, declared once. Parser, schema
// and documentation come from the declaration; handlers get the values by number. Checks and
// reports only: a quota has semantics that the engine must know. Cold.

import { OWN_FIELD_COUNT_MAX } from "../shared/limits";
import { Template } from "../shared/templates";
import { ValueType } from "../shared/types";

/** One field of such a template. */
export class OwnField {
  constructor(
    /** Place of its value in `FieldValues`. */
    readonly number: i32,
    readonly name: string,
    readonly type: ValueType,
    readonly isRequired: bool,
  ) {}
}

/** A template of an adapter's own; its fields are declared as properties of the class. */
export abstract class OwnTemplate {
  readonly fields: OwnField[] = [];

  /** What a document gives in `template:`. */
  abstract get name(): string;

  /** Whether it reports; else it checks. */
  get isReport(): bool {
    return false;
  }

  /** What the engine knows it as. */
  get template(): Template {
    return this.isReport ? Template.OwnReport : Template.OwnCheck;
  }

  /** How many numbers its fields take. */
  get size(): i32 {
    let size = 0;
    for (let at = 0; at < this.fields.length; at++) size = max(size, this.fields[at].number + 1);
    return size;
  }

  /**
   * A field that every instance gives. Numbers begin at 0, each once; one that is too large gets no
   * value.
   */
  protected field(number: i32, name: string, type: ValueType): OwnField {
    return this.add(new OwnField(number, name, type, true));
  }

  /** A field that an instance may leave out. */
  protected optional(number: i32, name: string, type: ValueType): OwnField {
    return this.add(new OwnField(number, name, type, false));
  }

  private add(field: OwnField): OwnField {
    if (<u32>field.number < <u32>OWN_FIELD_COUNT_MAX) this.fields.push(field);
    return field;
  }
}
