// What is written in Mixer's language for what other languages of expressions have: for who writes it from memory. The
// filter says what is wrong; this says more of what was expected, where the filter's own words cannot be long.

import { isIP } from 'node:net';

const IN_CEL = '`language: CEL` has it';

/** Functions and operators that are unknown (E0302), by how they are written. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '!': `\`… == false\`, or \`unless\` in place of \`match\`; ${IN_CEL}`,
  '-': `a name with a hyphen in brackets, \`request.headers["x-user"]\`; of subtraction, ${IN_CEL}`,
  contains: `a pattern, which may match anywhere: \`"…".matches(…)\`; ${IN_CEL}`,
  get: '`map["key"]`',
  has: `\`| "else"\` behind what can be absent; ${IN_CEL}`,
};

/** What stands where an operator belongs (E0305, E0306). */
const WORDS: Readonly<Record<string, string>> = {
  '?': `\`conditional(condition, then, else)\`; ${IN_CEL}`,
  and: '`&&`',
  in: `comparisons with \`||\` between them, or the adapter \`list\`; ${IN_CEL}`,
  or: '`||`',
};

const BY_CODE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  E0302: FUNCTIONS,
  E0305: WORDS,
  E0306: WORDS,
};

/** More of what was expected than the filter says, for the text that is wrong; null where there is none. */
export function expressionHint(code: string, text: string, expected: string): string | null {
  const names = BY_CODE[code];
  if (names !== undefined && Object.hasOwn(names, text)) return names[text] ?? null;
  return code === 'E0303' ? literalHint(text.replace(/^[\\"]+|[\\"]+$/g, ''), expected) : null;
}

/** How a literal of another type is written. */
function literalHint(value: string, expected: string): string | null {
  if (expected === 'IP_ADDRESS' && isIP(value) !== 0) return `${expected}: \`ip("${value}")\``;
  if (expected === 'TIMESTAMP' && !Number.isNaN(Date.parse(value)))
    return `${expected}: \`timestamp("${value}")\``;
  if (expected === 'DURATION' && /^\d+$/.test(value)) return `${expected}: \`"${value}s"\``;
  return null;
}
