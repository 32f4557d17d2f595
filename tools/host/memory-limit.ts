// proxy-wasm gives a VM at most 1 GiB of memory: the engine refuses to grow it beyond. Here the module itself is told
// so, before it is compiled.

import { ModuleReader } from './module-reader.ts';

/** `PROXY_WASM_HOST_MAX_WASM_MEMORY_SIZE_BYTES` of Envoy's proxy-wasm-cpp-host, in pages. */
export const MEMORY_MAX_PAGES = 16_384;

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
/** Where a frame of the guest is, in an error's stack. */
const PLACE = /\b(wasm:\S*:)0x([0-9a-f]+)/g;

/** The module with a memory of its own that ends there; as it is where it has none, or says itself where it ends. */
export function withMemoryLimit(module: Uint8Array): Uint8Array {
  const reader = new ModuleReader(module);
  reader.magic();
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === MEMORY_SECTION) return limited(module, start, end, reader);
    reader.at = end;
  }
  return module;
}

function limited(module: Uint8Array, start: number, end: number, reader: ModuleReader): Uint8Array {
  if (reader.number() !== 1) return module;
  const flags = reader.byte();
  if ((flags & HAS_MAXIMUM) !== 0) return module;
  const least = module.subarray(reader.at, end);
  const body = [1, flags | HAS_MAXIMUM, ...least, ...encoded(MEMORY_MAX_PAGES)];
  const section = [MEMORY_SECTION, ...encoded(body.length), ...body];
  return Buffer.concat([module.subarray(0, start), Uint8Array.from(section), module.subarray(end)]);
}

/** The stack with the guest's frames at their bytes of the file, which are `movedBytes` further on in what runs. */
export function withPlacesOfFile(stack: string, movedBytes: number): string {
  return stack.replace(
    PLACE,
    (_, before: string, place: string) =>
      `${before}0x${(parseInt(place, 16) - movedBytes).toString(16)}`,
  );
}

/** An unsigned LEB128 number. */
function encoded(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encoded(value >>> 7)];
}
