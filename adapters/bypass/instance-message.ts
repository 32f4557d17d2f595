// Instances of Mixer's templates as the InstanceMsg of each. Hot: written straight into the
// caller's buffer.

import {
  ApiKey,
  ApiKeyText,
  Authorization,
  AuthorizationText,
  LogEntry,
  Metric,
  Slice,
  Writer,
  beginMessage,
  endMessage,
  textAt,
  writeTextField,
} from "../../assembly/sdk";
import { writeMapField, writeTimeField, writeValueField } from "./value-message";

/** Number of the field `instance` of a request, and of `instances`. */
export const INSTANCE: u32 = 1;
/** Number of the field `name` of every instance: Mixer's own choice. */
const NAME: u32 = 72_295_727;

/** Begins an instance; the answer goes to `endMessage`. */
export function beginInstance(out: Writer, name: Slice): usize {
  const instance = beginMessage(out, INSTANCE);
  writeTextField(out, NAME, name);
  return instance;
}

/** The fields of an authorization. */
export function writeAuthorization(out: Writer, authorization: Authorization): void {
  const subject = beginMessage(out, 1);
  writeTextField(out, 1, authorization.text(AuthorizationText.User));
  writeTextField(out, 2, authorization.text(AuthorizationText.Groups));
  writeMapField(out, 3, authorization.subject);
  endMessage(out, subject);
  const action = beginMessage(out, 2);
  writeTextField(out, 1, authorization.text(AuthorizationText.Namespace));
  writeTextField(out, 2, authorization.text(AuthorizationText.Service));
  writeTextField(out, 3, authorization.text(AuthorizationText.Method));
  writeTextField(out, 4, authorization.text(AuthorizationText.Path));
  writeMapField(out, 5, authorization.action);
  endMessage(out, action);
}

/** The fields of an API key. */
export function writeApiKey(out: Writer, apiKey: ApiKey): void {
  writeTextField(out, 1, apiKey.text(ApiKeyText.Api));
  writeTextField(out, 2, apiKey.text(ApiKeyText.ApiVersion));
  writeTextField(out, 3, apiKey.text(ApiKeyText.ApiOperation));
  writeTextField(out, 4, apiKey.text(ApiKeyText.ApiKey));
  if (apiKey.timestamp != 0) writeTimeField(out, 5, apiKey.timestamp);
}

/** The fields of a sample. */
export function writeMetric(out: Writer, metric: Metric): void {
  writeValueField(out, 1, metric.cell);
  writeMapField(out, 2, metric.dimensions);
}

/** The fields of a log entry. */
export function writeLogEntry(out: Writer, entry: LogEntry): void {
  writeMapField(out, 1, entry.variables);
  if (entry.timestamp != 0) writeTimeField(out, 2, entry.timestamp);
  if (entry.severity != 0) writeTextField(out, 3, textAt(entry.severity));
}
