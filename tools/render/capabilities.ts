// What a filter needs from Envoy, by feature: the table behind capability_restriction_config. A
// callback that is left out is never called, a host function that is left out answers "not
// allowed", so the list is least privilege and least cost at once. It belongs to the VM: changing
// it makes a new VM, hence few feature sets and no list per document.

/** Where the filter stands: among those of HTTP requests, or those of connections. */
export type FilterKind = 'http' | 'network';
export const FILTER_KINDS: readonly FilterKind[] = ['http', 'network'];

/** What every document needs: check and report. */
const BASE: readonly string[] = [
  // callbacks
  'proxy_on_vm_start',
  'proxy_on_configure',
  'proxy_on_log',
  'proxy_on_tick',
  // log, configuration, clock
  'proxy_log',
  'proxy_get_log_level',
  'proxy_get_buffer_bytes',
  'proxy_set_tick_period_milliseconds',
  'proxy_get_current_time_nanoseconds',
  'clock_time_get',
  'random_get',
  // the stream
  'proxy_get_property',
  'proxy_set_property',
  'proxy_set_effective_context',
  // what is counted and shared
  'proxy_define_metric',
  'proxy_increment_metric',
  'proxy_record_metric',
  'proxy_get_shared_data',
  'proxy_set_shared_data',
];

/**
 * What each kind of filter needs beyond it. A connection is reported on the tick as well. Whose stream a request is the
 * filter knows by `root_id`, that it has ended by its log; to be told would cost every request a callback each.
 */
const OF_KIND: Readonly<Record<FilterKind, readonly string[]>> = {
  http: [
    'proxy_on_request_headers',
    'proxy_get_header_map_value',
    'proxy_get_header_map_pairs',
    'proxy_replace_header_map_value',
    'proxy_add_header_map_value',
    'proxy_remove_header_map_value',
    'proxy_send_local_response',
  ],
  network: [
    'proxy_on_context_create',
    'proxy_on_delete',
    'proxy_on_new_connection',
    'proxy_on_downstream_data',
    'proxy_on_upstream_data',
    'proxy_close_stream',
  ],
};

/** What each further feature adds to the base. Secrets from the environment are read by WASI. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  response: ['proxy_on_response_headers'],
  // The headers of an answer are read as those of a request are, in a network filter too.
  callouts: [
    'proxy_on_delete',
    'proxy_get_header_map_value',
    'proxy_get_header_map_pairs',
    'proxy_http_call',
    'proxy_on_http_call_response',
    'proxy_grpc_call',
    'proxy_on_grpc_receive',
    'proxy_on_grpc_close',
    'proxy_grpc_cancel',
    'proxy_get_status',
    'proxy_continue_stream',
    'proxy_done',
  ],
  environment: ['environ_get', 'environ_sizes_get'],
};

/** Exports that Envoy looks up by themselves, whatever the list says. */
const UNRESTRICTED_EXPORTS: ReadonlySet<string> = new Set([
  'proxy_abi_version_0_2_1',
  'malloc',
  'proxy_on_memory_allocate',
  '_initialize',
  '_start',
  'memory',
]);

/** The features that a list may be made for. */
export const FEATURES: readonly string[] = Object.keys(ADDED);

/** The smallest list for these features, sorted. An unknown feature is a mistake of ours and throws. */
export function capabilities(features: readonly string[], kind: FilterKind = 'http'): string[] {
  const unknown = features.find((feature) => ADDED[feature] === undefined);
  if (unknown !== undefined)
    throw new Error(`feature ${unknown} is not in tools/render/capabilities.ts`);
  // A connection has no response headers.
  const added = features
    .filter((feature) => kind === 'http' || feature !== 'response')
    .flatMap((feature) => ADDED[feature] ?? []);
  return [...new Set([...BASE, ...OF_KIND[kind], ...added])].sort();
}

/** Imports and callbacks of a module that no feature set of the table would allow; empty when the table is complete. */
export async function uncovered(wasm: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const module = await WebAssembly.compile(wasm);
  const known = new Set(FILTER_KINDS.flatMap((kind) => capabilities(FEATURES, kind)));
  const imports = WebAssembly.Module.imports(module)
    .filter((each) => each.kind === 'function')
    .map((each) => each.name);
  const callbacks = WebAssembly.Module.exports(module)
    .filter((each) => each.kind === 'function')
    .map((each) => each.name)
    .filter((name) => name.startsWith('proxy_on_') && !UNRESTRICTED_EXPORTS.has(name));
  return [...imports, ...callbacks].filter((name) => !known.has(name)).sort();
}
