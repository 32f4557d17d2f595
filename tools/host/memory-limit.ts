// proxy-wasm gives a VM at most 1 GiB of memory: the engine refuses to grow it beyond. Here the module itself is told
// so, before it is compiled.

/** `PROXY_WASM_HOST_MAX_WASM_MEMORY_SIZE_BYTES` of Envoy's proxy-wasm-cpp-host, in pages. */
export const MEMORY_MAX_PAGES = 16_384;

const HEADER_SIZE_BYTES = 8;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
/** Where a frame of the guest is, in an error's stack. */
const PLACE = /\b(wasm:\S*:)0x([0-9a-f]+)/g;

/** The module with a memory of its own that ends there; as it is where it has none, or says itself where it ends. */
export function withMemoryLimit(module: Uint8Array): Uint8Array {
  for (let at = HEADER_SIZE_BYTES; at < module.length;) {
    const size = numberAt(module, at + 1);
    const end = size.end + size.value;
    if (module[at] === MEMORY_SECTION) return limited(module, at, size.end, end);
    at = end;
  }
  return module;
}

function limited(module: Uint8Array, start: number, bodyAt: number, end: number): Uint8Array {
  const count = numberAt(module, bodyAt);
  const flags = module[count.end] ?? 0;
  if (count.value !== 1 || (flags & HAS_MAXIMUM) !== 0) return module;
  const least = module.subarray(count.end + 1, end);
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

/** An unsigned LEB128 number, and where it ends. */
function numberAt(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at };
  }
}

function encoded(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encoded(value >>> 7)];
}
