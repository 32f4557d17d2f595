// Parameters of the test's adapter. Cold.

import { BoolField, IntField, Params, TextField } from "../../../assembly/sdk";

/** Parameters of the adapter `rogue`. */
export class RogueParams extends Params {
  /** How many times it may be built in one Envoy before it refuses; 0 = always. */
  readonly accepted: IntField = this.intField("accepted", 0, 0, 100);

  /** The instances that it brings, as JSON or not. */
  readonly ownInstances: TextField = this.textField("ownInstances", "");

  /** Whether it builds nothing and does not say why. */
  readonly isWordless: BoolField = this.boolField("isWordless", false);
}
