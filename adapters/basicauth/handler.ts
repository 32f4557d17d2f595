// Reads `authorization: Basic …` strictly and says who it is. Whoever is not known costs the time
// of one who is, so that names cannot be found out. No message has a part of what was sent. Hot:
// allocates nothing managed.

import {
  ABSENT,
  ApiKey,
  ApiKeyText,
  Handler,
  Lifetime,
  PASSWORD_SIZE_MAX_BYTES,
  Slice,
  Verdict,
  byteAt,
  decodeBase64,
  denyUnauthenticated,
  equalIgnoringCase,
  indexOfByte,
  isPresent,
  literal,
  sizeOf,
  subSlice,
} from "../../assembly/sdk";
import { User } from "./user";
import { UserTable } from "./user-table";

const MISSING = literal("the request has no basic credentials");
const REPEATED = literal("the credentials are given more than once");
const MALFORMED = literal("the basic credentials are malformed");
const UNKNOWN = literal("user or password is wrong");
const SCHEME = literal("basic ");
const BLANK: u8 = 32;
const COLON: u8 = 58;
const COMMA: u8 = 44;
const MINUS: u8 = 45;
const UNDERSCORE: u8 = 95;
const USER: i32 = 0;

const NOT_KEPT = new Lifetime(0, 0);

/** Some users. */
export class BasicAuthHandler extends Handler {
  constructor(
    private readonly table: UserTable,
    /** Verified in place of a user that there is not; the slowest. */
    private readonly nobody: User,
    private readonly challenge: Slice,
    private readonly hidesCredentials: bool,
  ) {
    super();
  }

  onApiKey(apiKey: ApiKey, verdict: Verdict): void {
    const given = apiKey.text(ApiKeyText.ApiKey);
    const schemeSize = sizeOf(SCHEME);
    if (indexOfByte(given, COMMA) >= 0) return this.refuse(verdict, REPEATED);
    if (!equalIgnoringCase(subSlice(given, 0, schemeSize), SCHEME)) {
      return this.refuse(verdict, MISSING);
    }
    let from = schemeSize;
    while (from < sizeOf(given) && byteAt(given, from) == BLANK) from++;
    const token = subSlice(given, from, sizeOf(given));
    const pair = isStrict(token) ? decodeBase64(token) : ABSENT;
    const colon = isPresent(pair) ? indexOfByte(pair, COLON) : -1;
    if (colon < 0) return this.refuse(verdict, MALFORMED);
    this.judge(pair, <usize>colon, verdict);
  }

  private judge(pair: Slice, colon: usize, verdict: Verdict): void {
    const password = subSlice(pair, colon + 1, sizeOf(pair));
    if (sizeOf(password) > <usize>PASSWORD_SIZE_MAX_BYTES) return this.refuse(verdict, UNKNOWN);
    const user = this.table.find(subSlice(pair, 0, colon));
    if (user == null) {
      this.nobody.verify(password);
      return this.refuse(verdict, UNKNOWN);
    }
    if (!user.verify(password)) return this.refuse(verdict, UNKNOWN);
    verdict.allow(NOT_KEPT);
    verdict.output(USER, user.name);
    if (this.hidesCredentials) verdict.hideCredential();
  }

  private refuse(verdict: Verdict, message: Slice): void {
    denyUnauthenticated(verdict, message, this.challenge);
  }
}

// The standard alphabet with its padding: no second text for the same credentials.
function isStrict(token: Slice): bool {
  const isWhole = (sizeOf(token) & 3) == 0;
  return isWhole && indexOfByte(token, MINUS) < 0 && indexOfByte(token, UNDERSCORE) < 0;
}
