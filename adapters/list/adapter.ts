// The list adapter: names, standard instance, and the handler for each type of entries.

import {
  Adapter,
  Backend,
  BuildContext,
  Handler,
  Lifetime,
  Params,
  Protocol,
  Template,
  textOf,
} from "../../assembly/sdk";
import { buildEntries } from "./build";
import { EntryType, ListParams } from "./config";
import { fetchedList } from "./fetched-list";
import { FetchedListHandler, ListHandler } from "./handler";
import { ProviderUrl } from "./provider-url";
import { Asker } from "./source";

const IP_INSTANCE = '{"name":"sourceip","template":"listentry","params":{"value":"source.ip"}}';
const TEXT_INSTANCE =
  '{"name":"caller","template":"listentry","params":{"value":"request.headers[\\"x-user\\"]"}}';

/** Allows or denies by a list of strings, patterns, or IP addresses and ranges. */
export class List extends Adapter {
  get name(): string {
    return "list";
  }

  get serves(): u32 {
    return Template.ListEntry;
  }

  get protocol(): Protocol {
    return Protocol.Http;
  }

  backend(params: Params): Backend {
    const given = (params as ListParams).providerUrl.value;
    const backend = new Backend();
    backend.isUsed = given.length > 0;
    if (!backend.isUsed) return backend;
    const url = new ProviderUrl(given);
    backend.address = url.address;
    backend.authority = url.authority;
    backend.isTls = url.isTls;
    return backend;
  }

  params(): Params {
    return new ListParams();
  }

  standardInstances(params: Params): string {
    const isIp = (params as ListParams).entryType.value == EntryType.IpAddresses;
    return isIp ? "[" + IP_INSTANCE + "]" : "";
  }

  exampleInstance(params: Params): string {
    const isIp = (params as ListParams).entryType.value == EntryType.IpAddresses;
    return isIp ? IP_INSTANCE : TEXT_INSTANCE;
  }

  build(params: Params, context: BuildContext): Handler | null {
    const list = params as ListParams;
    const entries = buildEntries(list, context);
    if (entries === null) return null;
    const lifetime = new Lifetime(list.cachingInterval.value, <i32>list.cachingUseCount.value);
    const connection = context.connection;
    if (connection === null) return new ListHandler(entries, list.blacklist.value, lifetime);
    const path = new ProviderUrl(list.providerUrl.value).path;
    const source = fetchedList(definition(list, context), path, list.entryType.value);
    const name = context.region.text(context.handlerName);
    const refresh = <u64>list.refreshInterval.value;
    const asker = new Asker(name, connection, refresh, <u64>list.ttl.value);
    return new FetchedListHandler(entries, list.blacklist.value, lifetime, source, asker);
  }
}

// The key in shared data: names behind their sizes, so that no two definitions have one key.
function definition(list: ListParams, context: BuildContext): string {
  const parts = [
    context.pluginName,
    textOf(context.connection!.cluster),
    textOf(context.connection!.authority),
    list.providerUrl.value,
    (<i32>list.entryType.value).toString(),
  ];
  let key = "mixer/1/list";
  for (let at = 0; at < parts.length; at++) key += parts[at].length.toString() + ":" + parts[at];
  return key;
}
