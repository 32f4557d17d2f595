// Finds keys of an object that are given twice, in constant time each also in large objects. Cold.

import { Node } from "./node";

/** Smaller objects are searched directly. */
const SEARCHED_COUNT_MAX = 8;

/** Adds members to one object as long as their keys are new. */
export class KeySet {
  private indexes: Map<string, i32> | null = null;

  constructor(private readonly object: Node) {}

  /** Adds the member and returns -1; or the index of the member that has the key already. */
  add(key: string, value: Node): i32 {
    const found = this.indexOf(key);
    if (found >= 0) return found;
    this.object.addMember(key, value);
    const indexes = this.indexes;
    if (indexes !== null) indexes.set(key, this.object.keys.length - 1);
    else if (this.object.keys.length > SEARCHED_COUNT_MAX) this.index();
    return -1;
  }

  private indexOf(key: string): i32 {
    const indexes = this.indexes;
    if (indexes === null) return this.object.keys.indexOf(key);
    return indexes.has(key) ? indexes.get(key) : -1;
  }

  private index(): void {
    const indexes = new Map<string, i32>();
    for (let at = 0; at < this.object.keys.length; at++) indexes.set(this.object.keys[at], at);
    this.indexes = indexes;
  }
}
