// Parameters of the apikey adapter. Hashes are checked where the index is built. Cold: read while a
// document is loaded.

import {
  BoolField,
  ObjectListField,
  Params,
  Report,
  TextField,
  TextListField,
  verifyRealm,
} from "../../assembly/sdk";

/** One key: whose it is, and what it may be used for. */
export class KeyParams extends Params {
  /**
   * SHA-256 of the key in 64 hexadecimal digits, as `printf %s KEY | sha256sum` prints it. The key
   * itself never stands in a document.
   */
  readonly sha256: TextField = this.required(this.textField("sha256", "", true));

  /** Who uses the key; later rules read it as `<action>.output.consumer`. */
  readonly consumer: TextField = this.required(this.textField("consumer", ""));

  /** Values of the instance's `api` that the key is good for; none: all. */
  readonly apis: TextListField = this.textListField("apis");

  /** Values of the instance's `apiVersion` that the key is good for; none: all. */
  readonly apiVersions: TextListField = this.textListField("apiVersions");

  /** Values of the instance's `apiOperation` that the key is good for; none: all. */
  readonly apiOperations: TextListField = this.textListField("apiOperations");

  /** Last moment at which the key is good, such as `2027-01-01T00:00:00Z`; left out: always. */
  readonly notAfter: TextField = this.textField("notAfter", "");
}

/** Parameters of the adapter `apikey`. */
export class ApiKeyParams extends Params {
  /** The keys. A consumer may have several, so that keys can be changed without a gap. */
  readonly keys: ObjectListField<KeyParams> = this.required(
    this.objectListField<KeyParams>("keys", (): KeyParams => new KeyParams()),
  );

  /**
   * Headers in which the standard instance looks for the key. Without any place it looks where
   * Mixer did: header `x-api-key`, query parameters `key` and `api_key`.
   */
  readonly requestHeaders: TextListField = this.textListField("requestHeaders");

  /** Query parameters in which the standard instance looks for the key. */
  readonly queryParameters: TextListField = this.textListField("queryParameters");

  /** Cookies in which the standard instance looks for the key. */
  readonly cookies: TextListField = this.textListField("cookies");

  /** Whether an allowed request goes on without its key. */
  readonly hideCredentials: BoolField = this.boolField("hideCredentials", false);

  /** Named in the header `www-authenticate` of an answer with 401. */
  readonly realm: TextField = this.textField("realm", "mixer");

  verify(report: Report): void {
    verifyRealm(this.realm, report);
  }
}
