// Every choice of the build in one place: byte budgets, hot exports. The compiler's flags are in asconfig.json, whose
// targets are: release (what is shipped; the hot-path check reads its text before it is optimised, when inlining has
// hidden no call yet), debug (with assertions, for tests and fuzzing), hotpath (nothing is optimised: whether sources
// compile is known soonest). All keep function names, so that a trap's backtrace can be read.

/** Compilers that run side by side; each holds about 400 MB. */
export const COMPILER_COUNT_MAX = 2;

/** Largest module with all adapters, names included. */
export const ALL_ADAPTERS_SIZE_MAX_BYTES = 440_000;
/** Largest module with one adapter, names included. */
export const ONE_ADAPTER_SIZE_MAX_BYTES = 320_000;

/** Exports that Envoy calls for each request. Nothing behind them may touch the managed heap. */
export const HOT_EXPORTS: readonly string[] = [
  'proxy_on_context_create',
  'proxy_on_memory_allocate',
  'proxy_on_new_connection',
  'proxy_on_downstream_data',
  'proxy_on_upstream_data',
  'proxy_on_downstream_connection_close',
  'proxy_on_upstream_connection_close',
  'proxy_on_request_headers',
  'proxy_on_request_body',
  'proxy_on_request_trailers',
  'proxy_on_response_headers',
  'proxy_on_response_body',
  'proxy_on_response_trailers',
  'proxy_on_http_call_response',
  'proxy_on_grpc_receive',
  'proxy_on_grpc_close',
  'proxy_on_log',
  'proxy_on_done',
  'proxy_on_delete',
];
