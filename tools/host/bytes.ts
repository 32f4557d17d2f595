// Bytes as the host keeps them: header names, values and property texts are "binary strings", one character per byte.
// They compare, split and fold at the speed of strings and still hold any byte.

/** Text that a test or a document gave (UTF-8), or bytes, as a binary string. */
export function toBinary(text: string | Uint8Array): string {
  if (typeof text !== 'string') return view(text).toString('latin1');
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A binary string as text for people: UTF-8 where it is valid, else one character per byte. */
export function toText(binary: string): string {
  if (isAscii(binary)) return binary;
  const text = Buffer.from(binary, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? binary : text;
}

export function toBytes(content: string | Uint8Array | undefined): Uint8Array {
  if (content === undefined) return EMPTY;
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}

export function binaryToBytes(binary: string): Uint8Array {
  return Buffer.from(binary, 'latin1');
}

export const EMPTY: Uint8Array = new Uint8Array(0);

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
