// Which attributes a condition compares with constants in all its conjuncts, read from the printed tree, as Mixer's
// dispatcher did it to index rules.

/** Pairs of attribute and constant: `LAND(EQ($a, 2), EQ("x", $b))` gives a=2 and b=x. Later ones win. */
export function extractEqualities(tree: string): [name: string, value: string][] {
  const found = new Map<string, string>();
  collect(tree, found);
  return [...found];
}

function collect(tree: string, found: Map<string, string>): void {
  const call = /^([A-Za-z]+)\((.*)\)$/s.exec(tree);
  const parts = splitArguments(call?.[2] ?? '');
  if (call?.[1] === 'LAND') for (const part of parts) collect(part, found);
  if (call?.[1] !== 'EQ') return;
  const [left = '', right = ''] = parts;
  if (isAttribute(left) && isConstant(right)) found.set(left.slice(1), valueOf(right));
  else if (isConstant(left) && isAttribute(right)) found.set(right.slice(1), valueOf(left));
}

function isAttribute(text: string): boolean {
  return /^\$[\w.]+$/.test(text);
}

function isConstant(text: string): boolean {
  return /^(?:"|`|[\d.+-]|true$|false$)/i.test(text);
}

function valueOf(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** Splits `a, f(b, c), "d, e"` at the commas of its own level. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' || char === '`') at = endOfQuoted(text, at);
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== quote)
    at += quote === '"' && text.charAt(at) === '\\' ? 2 : 1;
  return at;
}
