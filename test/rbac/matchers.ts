// Envoy's small matchers, from their protobuf in JSON form: strings, values of metadata, ranges of addresses. Written
// from Envoy's documentation, on its own: nothing here is shared with the filter.

import { BlockList, isIPv6 } from 'node:net';
import { RE2JS } from 're2js';

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly contains?: string;
  readonly safeRegex?: { readonly regex: string };
  readonly ignoreCase?: boolean;
}

export interface ValueMatch {
  readonly stringMatch?: StringMatch;
  readonly boolMatch?: boolean;
  readonly presentMatch?: boolean;
  readonly orMatch?: { readonly valueMatchers: readonly ValueMatch[] };
  readonly listMatch?: { readonly oneOf: ValueMatch };
}

export interface Range {
  readonly addressPrefix: string;
  readonly prefixLen?: number;
}

/** A form that nobody has taught this file is an error, never a silent no. */
export class UnknownMatcher extends Error {
  constructor(matcher: object) {
    super(`no such matcher: ${JSON.stringify(matcher).slice(0, 200)}`);
  }
}

const patterns = new Map<string, RE2JS>();

export function matchesString(match: StringMatch, text: string): boolean {
  const fold = (value: string): string =>
    match.ignoreCase === true ? value.replace(/[A-Z]/g, (c) => c.toLowerCase()) : value;
  const value = fold(text);
  if (match.exact !== undefined) return value === fold(match.exact);
  if (match.prefix !== undefined) return value.startsWith(fold(match.prefix));
  if (match.suffix !== undefined) return value.endsWith(fold(match.suffix));
  if (match.contains !== undefined) return value.includes(fold(match.contains));
  if (match.safeRegex === undefined) throw new UnknownMatcher(match);
  return matchesRegex(match.safeRegex.regex, text);
}

/** RE2, the whole text. */
export function matchesRegex(regex: string, text: string): boolean {
  const known = patterns.get(regex) ?? RE2JS.compile(regex);
  patterns.set(regex, known);
  return known.matches(text);
}

/** `undefined`: there is no such value. */
export function matchesValue(match: ValueMatch, value: unknown): boolean {
  if (match.orMatch !== undefined)
    return match.orMatch.valueMatchers.some((each) => matchesValue(each, value));
  if (match.stringMatch !== undefined)
    return typeof value === 'string' && matchesString(match.stringMatch, value);
  if (match.boolMatch !== undefined) return value === match.boolMatch;
  if (match.presentMatch !== undefined) return match.presentMatch && value !== undefined;
  if (match.listMatch === undefined) throw new UnknownMatcher(match);
  const { oneOf } = match.listMatch;
  return Array.isArray(value) && value.some((item) => matchesValue(oneOf, item));
}

export function isInRange({ addressPrefix, prefixLen = 0 }: Range, ip: string): boolean {
  if (isIPv6(addressPrefix) !== isIPv6(ip)) return false;
  if (prefixLen === 0) return true;
  const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(addressPrefix, prefixLen, family);
  return list.check(ip, family);
}

const SEGMENT = `[a-zA-Z0-9\\-._~%!$&'()*+,;:@=]`;

/** Envoy's path templates as regular expressions. */
export function matchesTemplate(template: string, path: string): boolean {
  const regex = template
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**'
        ? `${SEGMENT.slice(0, -1)}/]*`
        : part === '*'
          ? `${SEGMENT}+`
          : part.replace(/[$()+.]/g, '\\$&'),
    )
    .join('');
  return matchesRegex(regex, path);
}
