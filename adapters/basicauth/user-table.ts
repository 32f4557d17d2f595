// Users by name: an open hash table, so that the number of users costs a request nothing. Both:
// filled cold, searched per request without allocation.

import { Region, Slice, equal, hash } from "../../assembly/sdk";
import { User } from "./user";

/** Some users. */
export class UserTable {
  readonly users: StaticArray<User>;
  private readonly slots: usize;
  private readonly mask: u32;

  constructor(
    users: User[],
    region: Region,
    private readonly seed: u64,
  ) {
    let size: u32 = 8;
    while (size < (<u32>users.length) << 1) size <<= 1;
    this.mask = size - 1;
    this.slots = region.take((<usize>size) << 2);
    this.users = StaticArray.fromArray(users);
    for (let at = 0; at < users.length; at++) store<u32>(this.slotOf(users[at].name), at + 1);
  }

  /** The user with this name; null when there is none. */
  find(name: Slice): User | null {
    const number = load<u32>(this.slotOf(name));
    return number == 0 ? null : unchecked(this.users[number - 1]);
  }

  // The slot with the name, or the empty one where it belongs.
  private slotOf(name: Slice): usize {
    let index = (<u32>hash(name, this.seed)) & this.mask;
    while (true) {
      const slot = this.slots + ((<usize>index) << 2);
      const number = load<u32>(slot);
      if (number == 0 || equal(unchecked(this.users[number - 1]).name, name)) return slot;
      index = (index + 1) & this.mask;
    }
  }
}
