// Compiles instances of the templates authorization and apikey. Cold.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Program } from "../expression/program";
import { DimensionBuilder } from "../template/dimension-build";
import { ApiKeyText, AuthorizationText } from "../template/instances";
import { BuildEnvironment } from "./build-context";
import { isPlaces, readCredential } from "./build-credential";
import { CompiledInstance } from "./instance";

const AUTHORIZATION_TEXT_COUNT = 6;
const API_KEY_TEXT_COUNT = 4;

/** Fields `subject` and `action` with their texts and properties. */
export function compileAuthorization(
  environment: BuildEnvironment,
  dimensions: DimensionBuilder,
  reader: ObjectReader,
  hasParams: bool,
  made: CompiledInstance,
): void {
  made.texts = new StaticArray<Program | null>(AUTHORIZATION_TEXT_COUNT);
  if (!hasParams) return;
  const subject = reader.object("subject");
  if (subject !== null) {
    const fields = new ObjectReader(subject, environment.report, "a subject");
    text(environment, fields, "user", made, AuthorizationText.User);
    text(environment, fields, "groups", made, AuthorizationText.Groups);
    const properties = fields.object("properties");
    if (properties !== null) made.subject = dimensions.build(properties, Phase.Request);
    fields.finish();
  }
  const action = reader.object("action");
  if (action === null) return;
  const fields = new ObjectReader(action, environment.report, "an action");
  text(environment, fields, "namespace", made, AuthorizationText.Namespace);
  text(environment, fields, "service", made, AuthorizationText.Service);
  text(environment, fields, "method", made, AuthorizationText.Method);
  text(environment, fields, "path", made, AuthorizationText.Path);
  const properties = fields.object("properties");
  if (properties !== null) made.action = dimensions.build(properties, Phase.Request);
  fields.finish();
}

/** Fields of an API key; the key itself must be given, as an expression or by its places. */
export function compileApiKey(
  environment: BuildEnvironment,
  reader: ObjectReader,
  hasParams: bool,
  made: CompiledInstance,
): void {
  made.texts = new StaticArray<Program | null>(API_KEY_TEXT_COUNT);
  if (!hasParams) {
    reader.failMissing("apiKey");
    return;
  }
  text(environment, reader, "api", made, ApiKeyText.Api);
  text(environment, reader, "apiVersion", made, ApiKeyText.ApiVersion);
  text(environment, reader, "apiOperation", made, ApiKeyText.ApiOperation);
  const key = reader.required("apiKey");
  if (key !== null && isPlaces(key)) made.credential = readCredential(environment, key);
  else if (key !== null) compileText(environment, key, made, ApiKeyText.ApiKey);
  const timestamp = reader.filled("timestamp");
  if (timestamp !== null) {
    made.timestamp = environment.expression(timestamp, Phase.Request, ValueType.Timestamp);
  }
}

function text(
  environment: BuildEnvironment,
  reader: ObjectReader,
  name: string,
  made: CompiledInstance,
  number: i32,
): void {
  const node = reader.filled(name);
  if (node !== null) compileText(environment, node, made, number);
}

function compileText(
  environment: BuildEnvironment,
  node: Node,
  made: CompiledInstance,
  number: i32,
): void {
  made.texts[number] = environment.expression(node, Phase.Request, ValueType.String);
}
