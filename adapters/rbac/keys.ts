// Names of what conditions are about: Istio's `when` keys, our own for the fields of operations and
// for Mixer's, and what a property's name stands for. Cold.

export const CLAIMS = "request.auth.claims";
export const HEADERS = "request.headers";
export const FILTERS = "experimental.envoy.filters.";

/** Keys of conditions that are no `when` of Istio's. */
export const HOST_KEY = "request.host";
export const METHOD_KEY = "request.method";
export const PATH_KEY = "request.path";

/** Keys that a `when` may have, besides those with brackets. */
export const WHEN_KEYS: string[] = [
  "source.ip",
  "remote.ip",
  "source.namespace",
  "source.principal",
  "source.serviceAccount",
  "source.trustDomain",
  "request.auth.principal",
  "request.auth.audiences",
  "request.auth.presenter",
  "destination.ip",
  "destination.port",
  "connection.sni",
];

/** Keys of facts that roles are about; a property's name follows the last two. */
export const ROLE_PREFIX = "role ";
export const SERVICE_KEY = "role service";
export const NAMESPACE_KEY = "role namespace";
export const ROLE_METHOD_KEY = "role method";
export const ROLE_PATH_KEY = "role path";
export const USER_KEY = "role user";
export const GROUP_KEY = "role group";
export const SUBJECT_PREFIX = "role subject ";
export const ACTION_PREFIX = "role action ";

/** Whether a `when` may have this key. */
export function isWhenKey(key: string): bool {
  if (WHEN_KEYS.includes(key)) return true;
  if (key.startsWith(HEADERS + "[")) return bracketsOf(key).length == 1;
  if (key.startsWith(CLAIMS + "[")) return bracketsOf(key).length > 0;
  if (!key.startsWith(FILTERS)) return false;
  const open = key.indexOf("[");
  return open > FILTERS.length && open < key.length - 2 && key.endsWith("]");
}

/** The names in `a[x][y]`; none where the brackets are wrong. */
export function bracketsOf(key: string): string[] {
  const open = key.indexOf("[");
  if (open < 0 || !key.endsWith("]")) return [];
  const names = key.substring(open + 1, key.length - 1).split("][");
  for (let at = 0; at < names.length; at++) {
    if (names[at].length == 0 || names[at].includes("[") || names[at].includes("]")) return [];
  }
  return names;
}

/**
 * The expression that a property's name stands for: an attribute, an element of a map, or one of
 * the names of Mixer's own example. "" where it could be anything.
 */
export function expressionOf(name: string, isSubject: bool): string {
  const side = isSubject ? "source" : "destination";
  if (name == "app" || name == "version") return side + '.labels["' + name + '"]';
  if (name == "namespace") return side + ".namespace";
  const open = name.indexOf("[");
  const base = open < 0 ? name : name.substring(0, open);
  if (!isAttribute(base)) return "";
  if (open < 0) return name;
  const keys = bracketsOf(name);
  return keys.length == 1 && !keys[0].includes('"') ? base + '["' + keys[0] + '"]' : "";
}

function isAttribute(name: string): bool {
  const first = name.substring(0, max(name.indexOf("."), 0));
  return ["source", "destination", "request", "connection", "context", "origin"].includes(first);
}
