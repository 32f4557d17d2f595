// Parameters of the test's adapter. Cold.

import { BoolField, IntField, Params } from "../../../assembly/sdk";

/** Parameters of the adapter `rogue`. */
export class RogueParams extends Params {
  /** How many times it may be built in one Envoy before it refuses; 0 = always. */
  readonly accepted: IntField = this.intField("accepted", 0, 0, 100);

  /** Whether it brings instances that are no JSON. */
  readonly garbled: BoolField = this.boolField("garbled", false);
}
