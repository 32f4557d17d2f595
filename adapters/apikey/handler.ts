// Looks a key up and says whose it is. A key that is missing, unknown, expired or given twice is
// UNAUTHENTICATED; a good one used for something else is PERMISSION_DENIED. No message has a part
// of the key. Hot: allocates nothing managed.

import {
  API_KEY_SIZE_MAX_BYTES,
  ApiKey,
  ApiKeyText,
  Code,
  Handler,
  Lifetime,
  Slice,
  Verdict,
  denyUnauthenticated,
  indexOfByte,
  intAt,
  literal,
  sizeOf,
  wallClockNanos,
} from "../../assembly/sdk";
import { KeyGrant, NEVER } from "./key-grant";
import { KeyIndex } from "./key-index";

const MISSING = literal("the request has no API key");
const REPEATED = literal("the API key is given more than once");
const UNKNOWN = literal("the API key is not known");
const EXPIRED = literal("the API key has expired");
const NOT_FOR_THIS = literal("the API key is not for this use");
const COMMA: u8 = 44;
const NANOS_PER_SECOND: u64 = 1_000_000_000;
const CONSUMER: i32 = 0;

const NOT_KEPT = new Lifetime(0, 0);

/** Some keys. */
export class ApiKeyHandler extends Handler {
  constructor(
    private readonly index: KeyIndex,
    private readonly grants: StaticArray<KeyGrant>,
    private readonly challenge: Slice,
    private readonly hidesKey: bool,
  ) {
    super();
  }

  onApiKey(apiKey: ApiKey, verdict: Verdict): void {
    const key = apiKey.text(ApiKeyText.ApiKey);
    const size = sizeOf(key);
    if (size == 0) return this.refuse(verdict, MISSING);
    // Places and lines that say it again are joined by a comma, which no key has.
    if (indexOfByte(key, COMMA) >= 0) return this.refuse(verdict, REPEATED);
    const number = size > <usize>API_KEY_SIZE_MAX_BYTES ? -1 : this.index.find(key);
    if (number < 0) return this.refuse(verdict, UNKNOWN);
    this.judge(unchecked(this.grants[number]), apiKey, verdict);
  }

  private judge(grant: KeyGrant, use: ApiKey, verdict: Verdict): void {
    if (grant.notAfter != NEVER && secondOf(use) > grant.notAfter) {
      return this.refuse(verdict, EXPIRED);
    }
    const api = use.text(ApiKeyText.Api);
    const version = use.text(ApiKeyText.ApiVersion);
    if (!grant.allows(api, version, use.text(ApiKeyText.ApiOperation))) {
      return verdict.denyWith(Code.PermissionDenied, NOT_FOR_THIS, NOT_KEPT);
    }
    verdict.allow(NOT_KEPT);
    verdict.output(CONSUMER, grant.consumer);
    if (this.hidesKey) verdict.hideCredential();
  }

  private refuse(verdict: Verdict, message: Slice): void {
    denyUnauthenticated(verdict, message, this.challenge);
  }
}

function secondOf(use: ApiKey): i64 {
  return use.timestamp == 0 ? <i64>(wallClockNanos() / NANOS_PER_SECOND) : intAt(use.timestamp);
}
