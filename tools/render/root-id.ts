// The `root_id` of a rendered plugin: it stands for the document, so that the filter can tell the streams of several
// documents in one VM apart without a callback for each. The filter computes the same (assembly/runtime/root-id.ts).

const MASK = (1n << 64n) - 1n;
const SIZE_FACTOR = 0x9e3779b97f4a7c15n;
const MIX_FACTOR = 0xd6e8feb86659fd93n;
const WORD_SIZE_BYTES = 8;

/** Sixteen hexadecimal digits of a plugin's name and its configuration as Envoy hands it over. */
export function rootIdOf(pluginName: string, configuration: string): string {
  const name = hash(new TextEncoder().encode(pluginName), 0n);
  return hash(new TextEncoder().encode(configuration), name).toString(16).padStart(16, '0');
}

function hash(bytes: Uint8Array, seed: bigint): bigint {
  let state = seed ^ ((BigInt(bytes.length) * SIZE_FACTOR) & MASK);
  for (let at = 0; at < bytes.length; at += WORD_SIZE_BYTES)
    state = mix(state ^ word(bytes.subarray(at, at + WORD_SIZE_BYTES)));
  return mix(state);
}

function word(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function mix(state: bigint): bigint {
  const once = ((state ^ (state >> 32n)) * MIX_FACTOR) & MASK;
  return ((once ^ (once >> 29n)) * MIX_FACTOR) & MASK;
}
