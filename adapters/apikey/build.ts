// Builds the index of keys from the parameters, or reports every key that is wrong, without showing
// what stood there: it may be the key itself. Cold.

import {
  API_KEY_COUNT_MAX,
  BuildContext,
  DiagnosticCode,
  Place,
  SHA256_SIZE_BYTES,
  Slice,
  TextField,
  TextListField,
  parseHex,
  parseTimestamp,
  slice,
} from "../../assembly/sdk";
import { ApiKeyParams, KeyParams } from "./config";
import { ANY, KeyGrant, NEVER } from "./key-grant";
import { KeyIndex } from "./key-index";

const HASH: usize = memory.data(32, 8);
const SECONDS: usize = memory.data(8, 8);
const NANOS: usize = memory.data(4, 4);
const EXPECTED =
  "the key's SHA-256, 64 hexadecimal digits; make it with `printf %s KEY | sha256sum`";

/** Keys, being built. */
export class KeyBuilder {
  readonly index: KeyIndex;
  readonly grants: KeyGrant[] = [];
  isGood: bool = true;

  constructor(
    private readonly context: BuildContext,
    params: ApiKeyParams,
  ) {
    const keys = params.keys.value;
    this.index = new KeyIndex(min(keys.length, API_KEY_COUNT_MAX), context.region);
    context.report.exceeds(params.keys.place(), keys.length, API_KEY_COUNT_MAX);
    for (let at = 0; at < min(keys.length, API_KEY_COUNT_MAX); at++) this.add(keys[at], keys);
  }

  private add(key: KeyParams, keys: KeyParams[]): void {
    if (!key.sha256.isSet || !key.consumer.isSet) {
      this.isGood = false;
      return;
    }
    const text = this.bytes(key.sha256);
    if (!parseHex(text, HASH, SHA256_SIZE_BYTES)) {
      const size = (text >>> 32).toString() + " bytes";
      this.fail(DiagnosticCode.BadHash, key.sha256.place(), size, EXPECTED);
      return;
    }
    const known = this.index.add(slice(HASH, SHA256_SIZE_BYTES));
    if (known >= 0) {
      const first = keys[known].sha256.place();
      const code = DiagnosticCode.DuplicateEntry;
      this.isGood = false;
      this.context.report.conflict(code, key.sha256.place(), "sha256", "each key once", first);
      return;
    }
    if (key.consumer.value.length == 0) {
      this.fail(DiagnosticCode.EmptyValue, key.consumer.place(), "consumer", "who uses the key");
    }
    this.grants.push(
      new KeyGrant(
        this.context.region.text(key.consumer.value),
        this.list(key.apis),
        this.list(key.apiVersions),
        this.list(key.apiOperations),
        this.timeOf(key.notAfter),
      ),
    );
  }

  private bytes(field: TextField): Slice {
    const node = field.node;
    return node !== null && node.isText ? node.text : this.context.region.text(field.value);
  }

  private list(field: TextListField): StaticArray<Slice> {
    const texts = field.value;
    if (texts.length == 0) return ANY;
    const list = new StaticArray<Slice>(texts.length);
    for (let at = 0; at < texts.length; at++) list[at] = this.context.region.text(texts[at]);
    return list;
  }

  private timeOf(field: TextField): i64 {
    if (!field.isSet) return NEVER;
    if (parseTimestamp(this.bytes(field), SECONDS, NANOS)) return load<i64>(SECONDS);
    const expected = "a time stamp (RFC 3339), such as `2027-01-01T00:00:00Z`";
    this.fail(DiagnosticCode.BadTimestamp, field.place(), field.value, expected);
    return NEVER;
  }

  private fail(code: DiagnosticCode, place: Place, found: string, expected: string): void {
    this.isGood = false;
    this.context.report.error(code, place, found, expected);
  }
}
