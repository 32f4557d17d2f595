// Writes the pieces that WebAssembly modules are made of.

/** A name: its size, then UTF-8. */
export function encodeText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return concatenate([encodeNumber(bytes.length), bytes]);
}

/** A section or subsection: id, size, content. */
export function encodeSection(id: number, bytes: Uint8Array): Uint8Array {
  return concatenate([Uint8Array.of(id), encodeNumber(bytes.length), bytes]);
}

/** An unsigned LEB128 number. */
export function encodeNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Uint8Array.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}

/** One array of several. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
