// Reads protobuf's text format (protobuf.dev/reference/protobuf/textformat-spec) into a tree, without a schema.
// Extensions and Any are refused: no message of a suite has them.

import { lex, type Token } from './text-lexer.ts';
import { problemAt, type Field, type Message, type Scalar } from './tree.ts';

const DEPTH_MAX = 32;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>' };

/** The message of a file; throws SuiteProblem with the place. */
export function parseTextFormat(text: string, file: string): Message {
  const parser = new Parser(lex(text, file), file);
  return { kind: 'message', fields: parser.fields('', 0) };
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(tokens: readonly Token[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  /** Fields up to the closing sign, which is taken; '' is the end of the file. */
  fields(closing: string, depth: number): Field[] {
    if (depth > DEPTH_MAX) this.#fail(`at most ${DEPTH_MAX} messages inside each other`);
    const fields: Field[] = [];
    while (!this.#takesClosing(closing)) {
      fields.push(...this.#field(depth));
      if (this.#isSign(',') || this.#isSign(';')) this.#at++;
    }
    return fields;
  }

  #takesClosing(closing: string): boolean {
    const { kind, text } = this.#peek();
    if (closing === '') return kind === 'end';
    if (kind === 'end') this.#fail(`the file ends where \`${closing}\` is missing`);
    if (kind !== 'sign' || text !== closing) return false;
    this.#at++;
    return true;
  }

  #field(depth: number): Field[] {
    const name = this.#next();
    if (name.kind !== 'word')
      this.#fail(`expected the name of a field, found ${shown(name)}`, name);
    const hasColon = this.#isSign(':');
    if (hasColon) this.#at++;
    const values = this.#isSign('[') ? this.#list(depth) : [this.#value(hasColon, depth)];
    return values.map((value) => ({ name: name.text, value, place: name }));
  }

  #list(depth: number): (Scalar | Message)[] {
    this.#at++;
    const values: (Scalar | Message)[] = [];
    while (!this.#takesClosing(']')) {
      values.push(this.#value(true, depth));
      if (this.#isSign(',')) this.#at++;
      else if (!this.#isSign(']'))
        this.#fail(`expected \`,\` or \`]\`, found ${shown(this.#peek())}`);
    }
    return values;
  }

  #value(mayBeScalar: boolean, depth: number): Scalar | Message {
    const token = this.#next();
    const closing = token.kind === 'sign' ? CLOSING[token.text] : undefined;
    if (closing !== undefined) return { kind: 'message', fields: this.fields(closing, depth + 1) };
    if (!mayBeScalar) this.#fail(`expected \`:\` or \`{\`, found ${shown(token)}`, token);
    if (token.kind === 'string') return this.#string(token);
    if (token.kind !== 'word') this.#fail(`expected a value, found ${shown(token)}`, token);
    return { kind: 'scalar', bytes: token.bytes, isQuoted: false };
  }

  /** Strings next to each other are one. */
  #string(first: Token): Scalar {
    const parts = [first.bytes];
    while (this.#peek().kind === 'string') parts.push(this.#next().bytes);
    return { kind: 'scalar', bytes: Buffer.concat(parts), isQuoted: true };
  }

  #isSign(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'sign' && token.text === text;
  }

  #peek(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('no tokens');
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #fail(message: string, token: Token = this.#peek()): never {
    throw problemAt(this.#file, token, message);
  }
}

function shown({ kind, text }: Token): string {
  return kind === 'end' ? 'the end of the file' : `\`${text}\``;
}
