// The list adapter: names, standard instance, and the handler for each type of entries.

import { Adapter, BuildContext, Handler, Lifetime, Params, Template } from "../../assembly/sdk";
import { buildEntries } from "./build";
import { EntryType, ListParams } from "./config";
import { ListHandler } from "./handler";

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
    return new ListHandler(entries, list.blacklist.value, lifetime);
  }
}
