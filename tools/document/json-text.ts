// Whether the text of a file that is JSON by name is JSON: YAML takes comments and trailing commas, which the filter's
// parser refuses where somebody puts the file into Envoy's configuration as it is.

import type { SyntaxProblem } from './syntax.ts';

const EXPECTED =
  'JSON, as the name of the file says: no comments, no trailing commas; or the name ends in .yaml';
const POSITION = / (?:in JSON )?at position (\d+).*$/;
/** Of such an error the engine gives no position; what follows quotes the text. */
const UNEXPECTED = /^(Unexpected token .{1,4}), .*$/s;

/** The first place that is no JSON; null where all of it is, or where there is nothing. */
export function jsonProblem(text: string): SyntaxProblem | null {
  if (text.trim() === '') return null;
  const message = refusalOf(text);
  if (message === null) return null;
  const start = UNEXPECTED.test(message)
    ? firstUnexpected(text)
    : Number(POSITION.exec(message)?.[1] ?? text.length);
  const end = Math.min(start + 1, text.length);
  const said = message.replace(POSITION, '').replace(UNEXPECTED, '$1');
  return { start, end, message: said, expected: EXPECTED };
}

function refusalOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as SyntaxError).message;
  }
}

// Every text that goes on behind the token has the same error, every shorter one another or none.
function firstUnexpected(text: string): number {
  let [least, most] = [1, text.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (UNEXPECTED.test(refusalOf(text.slice(0, middle)) ?? '')) most = middle;
    else least = middle + 1;
  }
  return least - 1;
}
