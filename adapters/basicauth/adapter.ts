// The basicauth adapter: names, standard instance, and the handler with its users.

import {
  Adapter,
  BuildContext,
  DiagnosticCode,
  Handler,
  Params,
  SHA256_SIZE_BYTES,
  Template,
  challengeOf,
  emptySlice,
} from "../../assembly/sdk";
import { UserBuilder } from "./build";
import { BasicAuthParams } from "./config";
import { BasicAuthHandler } from "./handler";
import { User } from "./user";
import { UserTable } from "./user-table";

const STANDARD =
  '[{"name":"credentials","template":"apikey","params":{' +
  '"apiKey":{"requestHeaders":["authorization"]}}}]';

/** Lets requests with a known name and password pass, and says whose they are. */
export class BasicAuth extends Adapter {
  get name(): string {
    return "basicauth";
  }

  get serves(): u32 {
    return Template.ApiKey;
  }

  get outputs(): string[] {
    return ["user"];
  }

  params(): Params {
    return new BasicAuthParams();
  }

  standardInstances(params: Params): string {
    return STANDARD;
  }

  build(params: Params, context: BuildContext): Handler | null {
    const given = params as BasicAuthParams;
    const builder = new UserBuilder(context, given);
    if (!builder.isGood || !canHide(given, context)) return null;
    const table = builder.table();
    return new BasicAuthHandler(
      table,
      nobodyOf(table, context),
      context.region.text(challengeOf("Basic", given.realm.value) + ', charset="UTF-8"'),
      given.hideCredentials.value,
    );
  }
}

// No password has a hash of zeros.
function nobodyOf(table: UserTable, context: BuildContext): User {
  let iterations = 0;
  for (let at = 0; at < table.users.length; at++) {
    iterations = max(iterations, table.users[at].iterations);
  }
  const hash = context.region.take(SHA256_SIZE_BYTES << 1);
  return new User(emptySlice(), emptySlice(), iterations, hash, 0);
}

// Of an expression nobody knows where the credentials stand.
function canHide(given: BasicAuthParams, context: BuildContext): bool {
  if (!given.hideCredentials.value) return true;
  for (let at = 0; at < context.instances.length; at++) {
    const instance = context.instances[at];
    if (instance.hasPlaces) continue;
    const expected = "`apiKey: { requestHeaders: [authorization] }`";
    const code = DiagnosticCode.CredentialWithoutPlace;
    context.report.error(code, instance.place, instance.name, expected);
    return false;
  }
  return true;
}
