// Parameters of the basicauth adapter. Hashes are checked where users are built. Cold: read while a
// document is loaded.

import {
  BoolField,
  ObjectListField,
  Params,
  Report,
  TextField,
  verifyRealm,
} from "../../assembly/sdk";

/** One user. */
export class UserParams extends Params {
  /** The name, as `<action>.output.user` has it; without a colon. */
  readonly name: TextField = this.required(this.textField("name", ""));

  /**
   * The password's salted hash: `pbkdf2-sha256:<iterations>:<salt>:<64 hexadecimal digits>`; of
   * passwords that a machine has made `sha256:<salt>:<64 hexadecimal digits>`, of both in turn.
   */
  readonly hash: TextField = this.required(this.textField("hash", "", true));
}

/** Parameters of the adapter `basicauth`. */
export class BasicAuthParams extends Params {
  /** The users. */
  readonly users: ObjectListField<UserParams> = this.required(
    this.objectListField<UserParams>("users", (): UserParams => new UserParams()),
  );

  /** What the browser shows when it asks for a password. */
  readonly realm: TextField = this.textField("realm", "mixer");

  /** Whether an allowed request goes on without its `authorization`. */
  readonly hideCredentials: BoolField = this.boolField("hideCredentials", false);

  verify(report: Report): void {
    verifyRealm(this.realm, report);
  }
}
