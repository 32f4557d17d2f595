// The attributes that programs read, with those that these are made of. Cold.

import { Schema } from "../attribute/schema";
import { Program } from "../expression/program";
import { DimensionSet } from "../template/dimension-set";
import { CompiledInstance } from "./instance";

/** A set of attributes, by index. */
export class Reads {
  readonly indexes: i32[] = [];
  private readonly known: Set<i32> = new Set<i32>();

  constructor(private readonly schema: Schema) {}

  /** Adds what a program reads; null reads nothing. */
  addProgram(program: Program | null): void {
    if (program === null) return;
    for (let at = 0; at < program.attributes.length; at++) this.add(program.attributes[at]);
    const guard = program.guard;
    if (guard !== null) this.add(guard.key);
  }

  /** Adds what an instance reads. */
  addInstance(instance: CompiledInstance): void {
    this.addProgram(instance.value);
    this.addProgram(instance.severity);
    this.addProgram(instance.timestamp);
    for (let at = 0; at < instance.texts.length; at++) this.addProgram(instance.texts[at]);
    this.addSet(instance.dimensions);
    this.addSet(instance.subject);
    this.addSet(instance.action);
  }

  private addSet(set: DimensionSet | null): void {
    if (set === null) return;
    for (let position = 0; position < set.count; position++) this.addProgram(set.program(position));
  }

  private add(index: i32): void {
    if (this.known.has(index)) return;
    this.known.add(index);
    this.indexes.push(index);
    const reads = this.schema.entries[index].reads;
    for (let at = 0; at < reads.length; at++) this.add(reads[at]);
  }
}
