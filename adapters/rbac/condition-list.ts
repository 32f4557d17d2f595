// What a rule's parameters say, as keys with values: the same list for sources, operations and
// further conditions. Cold.

import { Node, TextListField } from "../../assembly/sdk";
import { HOST_KEY, METHOD_KEY, PATH_KEY, isWhenKey } from "./keys";
import { OperationParams, SourceParams, WhenParams } from "./policy-config";

/** The nodes of a list's values; none where it is not given. */
const NOTHING: Node[] = [];

/** One fact with the values that it must or must not have. */
export class GivenCondition {
  constructor(
    readonly key: string,
    readonly values: TextListField,
    readonly isNegated: bool,
  ) {}

  /** Where the values stand. */
  get nodes(): Node[] {
    const node = this.values.node;
    return node === null ? NOTHING : node.items;
  }
}

/** What a source demands. */
export function ofSource(source: SourceParams): GivenCondition[] {
  const all: GivenCondition[] = [];
  add(all, "source.principal", source.principals, source.notPrincipals);
  const token = "request.auth.principal";
  add(all, token, source.requestPrincipals, source.notRequestPrincipals);
  add(all, "source.namespace", source.namespaces, source.notNamespaces);
  const account = "source.serviceAccount";
  add(all, account, source.serviceAccounts, source.notServiceAccounts);
  add(all, "source.trustDomain", source.trustDomains, source.notTrustDomains);
  add(all, "source.ip", source.ipBlocks, source.notIpBlocks);
  add(all, "remote.ip", source.remoteIpBlocks, source.notRemoteIpBlocks);
  return all;
}

/** What an operation demands. */
export function ofOperation(operation: OperationParams): GivenCondition[] {
  const all: GivenCondition[] = [];
  add(all, HOST_KEY, operation.hosts, operation.notHosts);
  add(all, METHOD_KEY, operation.methods, operation.notMethods);
  add(all, PATH_KEY, operation.paths, operation.notPaths);
  add(all, "destination.port", operation.ports, operation.notPorts);
  return all;
}

/** What further conditions demand; a key that is not known is reported where the rule is built. */
export function ofWhen(when: WhenParams[]): GivenCondition[] {
  const all: GivenCondition[] = [];
  for (let at = 0; at < when.length; at++) {
    const key = when[at].key.value;
    if (isWhenKey(key)) add(all, key, when[at].values, when[at].notValues);
  }
  return all;
}

// As in Istio a list without values demands nothing.
function add(all: GivenCondition[], key: string, is: TextListField, isNot: TextListField): void {
  if (is.value.length > 0) all.push(new GivenCondition(key, is, false));
  if (isNot.value.length > 0) all.push(new GivenCondition(key, isNot, true));
}
