// The apikey adapter: names, standard instance, and the handler with its index of keys.

import {
  Adapter,
  BuildContext,
  DiagnosticCode,
  Handler,
  Params,
  Template,
  TextListField,
  challengeOf,
  jsonText,
} from "../../assembly/sdk";
import { KeyBuilder } from "./build";
import { ApiKeyParams } from "./config";
import { ApiKeyHandler } from "./handler";

/** Where Mixer looked for a key. */
const MIXER_PLACES = '"requestHeaders":["x-api-key"],"queryParameters":["key","api_key"]';

/** Lets requests with a known API key pass, and says whose it is. */
export class ApiKeyAdapter extends Adapter {
  get name(): string {
    return "apikey";
  }

  get serves(): u32 {
    return Template.ApiKey;
  }

  get outputs(): string[] {
    return ["consumer"];
  }

  params(): Params {
    return new ApiKeyParams();
  }

  standardInstances(params: Params): string {
    const keys = params as ApiKeyParams;
    const places: string[] = [];
    addPlaces(places, keys.requestHeaders);
    addPlaces(places, keys.queryParameters);
    addPlaces(places, keys.cookies);
    const given = places.length == 0 ? MIXER_PLACES : places.join(",");
    return '[{"name":"key","template":"apikey","params":{"apiKey":{' + given + "}}}]";
  }

  build(params: Params, context: BuildContext): Handler | null {
    const keys = params as ApiKeyParams;
    const builder = new KeyBuilder(context, keys);
    if (!builder.isGood || !canHide(keys, context)) return null;
    return new ApiKeyHandler(
      builder.index,
      StaticArray.fromArray(builder.grants),
      context.region.text(challengeOf("Key", keys.realm.value)),
      keys.hideCredentials.value,
    );
  }
}

function addPlaces(places: string[], field: TextListField): void {
  const names: string[] = [];
  for (let at = 0; at < field.value.length; at++) names.push(jsonText(field.value[at]));
  if (names.length > 0) places.push('"' + field.name + '":[' + names.join(",") + "]");
}

// Of an expression nobody knows where the key stands.
function canHide(keys: ApiKeyParams, context: BuildContext): bool {
  if (!keys.hideCredentials.value) return true;
  for (let at = 0; at < context.instances.length; at++) {
    const instance = context.instances[at];
    if (instance.hasPlaces) continue;
    const expected = "`apiKey: { requestHeaders: [x-api-key] }` or other places";
    const code = DiagnosticCode.CredentialWithoutPlace;
    context.report.error(code, instance.place, instance.name, expected);
    return false;
  }
  return true;
}
