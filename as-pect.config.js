// Units of the AssemblyScript rooms: `*.spec.ts` beside the code. SPECS names files to run instead of all.
// @ts-check

/** What a host function answers in a unit: Unimplemented. Units of rooms that need a host run on the emulator. */
const UNIMPLEMENTED = 12;

export default {
  entries: process.env['SPECS']?.split(',') ?? ['assembly/**/*.spec.ts', 'adapters/**/*.spec.ts'],
  include: [],
  disclude: [/node_modules/],
  instantiate: withoutHost,
  outputBinary: false,
};

/**
 * @param {WebAssembly.Memory} memory
 * @param {(imports: object) => Record<string, Record<string, unknown>>} createImports
 * @param {(binary: Uint8Array<ArrayBuffer>, imports: object) => unknown} instantiate
 * @param {Uint8Array<ArrayBuffer>} binary
 */
function withoutHost(memory, createImports, instantiate, binary) {
  const imports = createImports({ env: { memory } });
  for (const { module, name, kind } of WebAssembly.Module.imports(new WebAssembly.Module(binary))) {
    if (kind === 'function') (imports[module] ??= {})[name] ??= () => UNIMPLEMENTED;
  }
  return instantiate(binary, imports);
}
