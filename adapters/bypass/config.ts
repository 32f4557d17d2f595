// Parameters of the bypass adapter. Cold: read while a document is loaded.

import {
  BYPASS_CONFIG_SIZE_MAX_BYTES,
  BoolField,
  DiagnosticCode,
  ObjectField,
  Params,
  Report,
  Slice,
  TextField,
  decodeBase64,
  isPresent,
  sizeOf,
  slice,
} from "../../assembly/sdk";

/** A message of the adapter's own, as protobuf's Any holds it. */
export class AnyParams extends Params {
  /** The type of the message, such as `type.googleapis.com/my.adapter.Params`. */
  readonly typeUrl: TextField = this.textField("typeUrl", "");

  /** The serialized message, in base64. */
  readonly value: TextField = this.textField("value", "");

  verify(report: Report): void {
    const value = decodeBase64(textBytes(this.value.value));
    if (isPresent(value) && sizeOf(value) <= <usize>BYPASS_CONFIG_SIZE_MAX_BYTES) return;
    const most = BYPASS_CONFIG_SIZE_MAX_BYTES.toString();
    const expected = "base64 of at most " + most + " bytes";
    report.error(DiagnosticCode.OutOfRange, this.value.place(), "value", expected);
  }
}

/** Parameters of the adapter `bypass`. */
export class BypassParams extends Params {
  /** What the adapter gets as its configuration with each call (`adapter_config`). */
  readonly params: ObjectField<AnyParams> = this.objectField("params", new AnyParams());

  /**
   * Whether the adapter keeps its configuration in a session: it gets it once, with the types of
   * all instances (`Validate` and `CreateSession` of `InfrastructureBackend`), and each call has
   * the session's id instead.
   */
  readonly sessionBased: BoolField = this.boolField("sessionBased", false);

  /** Mixer's name of the address: it stands in the handler's `connection`. */
  readonly refused: i32 = this.notYet(
    ["backendAddress"],
    "the handler's `connection: { address }`",
  );
}

/** The UTF-8 bytes of a parameter, for as long as the document is loaded. */
export function textBytes(text: string): Slice {
  const bytes = String.UTF8.encode(text);
  held = bytes;
  return slice(changetype<usize>(bytes), <usize>bytes.byteLength);
}

// Keeps the bytes alive: a slice owns nothing.
let held: ArrayBuffer | null = null;
