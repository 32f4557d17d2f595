// A user, and whether a password is theirs. The last good password of a slow hash is remembered as
// a fast one, keyed by a number of this VM: the slow one is paid once, and for wrong passwords.
// Hot: allocates nothing.

import {
  SHA256_SIZE_BYTES,
  Slice,
  addSha256,
  beginSha256,
  endSha256,
  equalInConstantTime,
  pbkdf2Sha256,
  slice,
} from "../../assembly/sdk";

const STATE: usize = memory.data(104, 8);
const HASH: usize = memory.data(32, 8);
const PREFIX: usize = memory.data(8, 8);

/** One user. */
export class User {
  private isRemembered: bool = false;

  constructor(
    readonly name: Slice,
    private readonly salt: Slice,
    /** 0: a single SHA-256 of salt and password. */
    readonly iterations: i32,
    /** 32 bytes of the hash, then 32 of the remembered one. */
    private readonly hash: usize,
    private readonly seed: u64,
  ) {}

  /** Whether the password is right. */
  verify(password: Slice): bool {
    if (this.iterations == 0) {
      fastHash(this.salt, password);
      return isAt(this.hash);
    }
    store<u64>(PREFIX, this.seed);
    const remembered = this.hash + SHA256_SIZE_BYTES;
    fastHash(slice(PREFIX, 8), password);
    if (this.isRemembered && isAt(remembered)) return true;
    pbkdf2Sha256(password, this.salt, this.iterations, HASH);
    if (!isAt(this.hash)) return false;
    store<u64>(PREFIX, this.seed);
    fastHash(slice(PREFIX, 8), password);
    memory.copy(remembered, HASH, SHA256_SIZE_BYTES);
    this.isRemembered = true;
    return true;
  }
}

function fastHash(salt: Slice, password: Slice): void {
  beginSha256(STATE);
  addSha256(STATE, salt);
  addSha256(STATE, password);
  endSha256(STATE, HASH);
}

function isAt(hash: usize): bool {
  return equalInConstantTime(slice(HASH, SHA256_SIZE_BYTES), slice(hash, SHA256_SIZE_BYTES));
}
