// Builds the users from the parameters, or reports each that is wrong, without showing what stood
// there: it may be the password itself. Cold.

import {
  BASIC_AUTH_USER_COUNT_MAX,
  BuildContext,
  DiagnosticCode,
  PBKDF2_ITERATION_COUNT_MAX,
  Place,
  SHA256_SIZE_BYTES,
  parseHex,
  randomSeed,
} from "../../assembly/sdk";
import { BasicAuthParams, UserParams } from "./config";
import { User } from "./user";
import { UserTable } from "./user-table";

const SALT_LENGTH_MIN = 8;
const EXPECTED =
  "`pbkdf2-sha256:<iterations>:<salt>:<64 hexadecimal digits>` with a salt of 8 characters or " +
  "more; the README says how to make one";

/** Users, being built. */
export class UserBuilder {
  isGood: bool = true;
  private readonly users: User[] = [];
  private readonly places: Map<string, Place> = new Map<string, Place>();
  private readonly seed: u64 = randomSeed();

  constructor(
    private readonly context: BuildContext,
    params: BasicAuthParams,
  ) {
    const given = params.users.value;
    const count = min(given.length, BASIC_AUTH_USER_COUNT_MAX);
    this.context.report.exceeds(params.users.place(), given.length, count);
    for (let at = 0; at < count; at++) this.add(given[at]);
  }

  /** The users by name. */
  table(): UserTable {
    return new UserTable(this.users, this.context.region, this.seed);
  }

  private add(params: UserParams): void {
    const name = params.name.value;
    const place = params.name.place();
    if (!params.name.isSet || !params.hash.isSet) {
      this.isGood = false;
    } else if (name.length == 0 || name.includes(":")) {
      this.fail(DiagnosticCode.BadName, place, name, "a name without a colon");
    } else if (this.places.has(name)) {
      this.isGood = false;
      const first = this.places.get(name);
      const code = DiagnosticCode.DuplicateEntry;
      this.context.report.conflict(code, place, name, "each user once", first);
    } else {
      this.places.set(name, place);
      this.addUser(params);
    }
  }

  private addUser(params: UserParams): void {
    const parts = params.hash.value.split(":");
    const isSlow = parts[0] == "pbkdf2-sha256" && parts.length == 4;
    const isFast = parts[0] == "sha256" && parts.length == 3;
    const iterations = isSlow ? iterationsOf(parts[1]) : 0;
    const salt = parts.length < 3 ? "" : parts[parts.length - 2];
    const region = this.context.region;
    const hash = region.take(SHA256_SIZE_BYTES << 1);
    const digits = region.text(parts[parts.length - 1]);
    const isGood = (isSlow && iterations > 0) || isFast;
    if (!isGood || salt.length < SALT_LENGTH_MIN || !parseHex(digits, hash, SHA256_SIZE_BYTES)) {
      const found = params.hash.value.length.toString() + " characters";
      this.fail(DiagnosticCode.BadHash, params.hash.place(), found, EXPECTED);
      return;
    }
    const name = region.text(params.name.value);
    this.users.push(new User(name, region.text(salt), iterations, hash, this.seed));
  }

  private fail(code: DiagnosticCode, place: Place, found: string, expected: string): void {
    this.isGood = false;
    this.context.report.error(code, place, found, expected);
  }
}

// 0 for anything but a whole number from 1 to the limit.
function iterationsOf(text: string): i32 {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
    if (value > PBKDF2_ITERATION_COUNT_MAX) return 0;
  }
  return value;
}
