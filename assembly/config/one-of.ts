// A group of fields of which at most one may be given, as protobuf's oneof. Cold.

import { Report } from "../diagnostic/report";
import { DiagnosticCode } from "../shared/diagnostics";
import { Field } from "./field";

/** Declared by `Params.oneOf`. */
export class OneOf {
  /** Index of the field that is given, in the order of the declaration; -1 for none. */
  value: i32 = -1;

  constructor(private readonly fields: Field[]) {}

  /** Finds the field that is given; reports further ones. */
  check(report: Report): void {
    for (let index = 0; index < this.fields.length; index++) {
      const field = this.fields[index];
      if (!field.isSet) continue;
      if (this.value < 0) this.value = index;
      else this.fail(field, report);
    }
  }

  private fail(field: Field, report: Report): void {
    const first = this.fields[this.value];
    const found = first.name + "` and `" + field.name;
    const code = DiagnosticCode.ConflictingFields;
    report.conflict(code, field.place(), found, "one of them", first.place());
  }
}
