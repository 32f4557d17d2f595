// The numbers and exact wasm types of proxy-wasm 0.2.1, as Envoy 1.40 links them. They are written down here a second
// time, apart from `assembly/shared`, on purpose: a host that took them from the guest could not find the guest's
// errors.

export const Status = {
  OK: 0,
  NOT_FOUND: 1,
  BAD_ARGUMENT: 2,
  SERIALIZATION_FAILURE: 3,
  PARSE_FAILURE: 4,
  BAD_EXPRESSION: 5,
  INVALID_MEMORY_ACCESS: 6,
  EMPTY: 7,
  CAS_MISMATCH: 8,
  RESULT_MISMATCH: 9,
  INTERNAL_FAILURE: 10,
  BROKEN_CONNECTION: 11,
  UNIMPLEMENTED: 12,
} as const;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const MapType = {
  REQUEST_HEADERS: 0,
  REQUEST_TRAILERS: 1,
  RESPONSE_HEADERS: 2,
  RESPONSE_TRAILERS: 3,
  GRPC_INITIAL_METADATA: 4,
  GRPC_TRAILING_METADATA: 5,
  CALL_RESPONSE_HEADERS: 6,
  CALL_RESPONSE_TRAILERS: 7,
} as const;

export const BufferType = {
  REQUEST_BODY: 0,
  RESPONSE_BODY: 1,
  DOWNSTREAM_DATA: 2,
  UPSTREAM_DATA: 3,
  CALL_RESPONSE_BODY: 4,
  GRPC_MESSAGE: 5,
  VM_CONFIGURATION: 6,
  PLUGIN_CONFIGURATION: 7,
  CALL_DATA: 8,
} as const;

export const StreamType = { REQUEST: 0, RESPONSE: 1, DOWNSTREAM: 2, UPSTREAM: 3 } as const;
export const MetricType = { COUNTER: 0, GAUGE: 1, HISTOGRAM: 2 } as const;

/** Envoy reads guest maps up to here; a larger one counts as empty, without an error. */
export const PAIRS_SIZE_MAX_BYTES = 1 << 20;
export const PAIRS_COUNT_MAX = 1024;
export const RANDOM_SIZE_MAX_BYTES = 65_536;
/** Envoy's default per-connection buffer limit. */
export const BODY_BUFFER_MAX_BYTES = 1 << 20;

/** `n` parameters of type i32 and an i32 result. */
const ints = (n: number): string => 'i'.repeat(n) + '>i';

/** Imports of module `env`: i = i32, I = i64, before `>` the parameters, after it the result. */
export const ENV_IMPORTS: Readonly<Record<string, string>> = {
  proxy_log: ints(3),
  proxy_get_log_level: ints(1),
  proxy_get_status: ints(3),
  proxy_get_property: ints(4),
  proxy_set_property: ints(4),
  proxy_get_header_map_value: ints(5),
  proxy_add_header_map_value: ints(5),
  proxy_replace_header_map_value: ints(5),
  proxy_remove_header_map_value: ints(3),
  proxy_get_header_map_pairs: ints(3),
  proxy_set_header_map_pairs: ints(3),
  proxy_get_header_map_size: ints(2),
  proxy_get_buffer_status: ints(3),
  proxy_get_buffer_bytes: ints(5),
  proxy_set_buffer_bytes: ints(5),
  proxy_continue_stream: ints(1),
  proxy_close_stream: ints(1),
  proxy_send_local_response: ints(8),
  proxy_http_call: ints(10),
  proxy_grpc_call: ints(12),
  proxy_grpc_stream: ints(9),
  proxy_grpc_send: ints(4),
  proxy_grpc_cancel: ints(1),
  proxy_grpc_close: ints(1),
  proxy_define_metric: ints(4),
  proxy_increment_metric: 'iI>i',
  proxy_record_metric: 'iI>i',
  proxy_get_metric: ints(2),
  proxy_get_shared_data: ints(5),
  proxy_set_shared_data: ints(5),
  proxy_register_shared_queue: ints(3),
  proxy_resolve_shared_queue: ints(5),
  proxy_dequeue_shared_queue: ints(3),
  proxy_enqueue_shared_queue: ints(3),
  proxy_set_tick_period_milliseconds: ints(1),
  proxy_get_current_time_nanoseconds: ints(1),
  proxy_set_effective_context: ints(1),
  proxy_done: ints(0),
  proxy_call_foreign_function: ints(6),
  envoy_resolve_dns: ints(3),
  pthread_equal: ints(2),
  emscripten_notify_memory_growth: 'i>',
};

/** Imports of `wasi_snapshot_preview1` and `wasi_unstable`. */
export const WASI_IMPORTS: Readonly<Record<string, string>> = {
  fd_write: ints(4),
  fd_read: ints(4),
  fd_seek: 'iIii>i',
  fd_close: ints(1),
  fd_fdstat_get: ints(2),
  fd_prestat_get: ints(2),
  fd_prestat_dir_name: ints(3),
  environ_sizes_get: ints(2),
  environ_get: ints(2),
  args_sizes_get: ints(2),
  args_get: ints(2),
  clock_time_get: 'iIi>i',
  clock_res_get: ints(2),
  random_get: ints(2),
  sched_yield: ints(0),
  poll_oneoff: ints(4),
  path_open: 'iiiiiIIii>i',
  proc_exit: 'i>',
};

/** Exports that Envoy looks up; one with another type is refused. */
export const EXPORTS: Readonly<Record<string, string>> = {
  malloc: 'i>i',
  proxy_on_memory_allocate: 'i>i',
  _initialize: '>',
  proxy_on_context_create: 'ii>',
  proxy_on_vm_start: 'ii>i',
  proxy_validate_configuration: 'ii>i',
  proxy_on_configure: 'ii>i',
  proxy_on_tick: 'i>',
  proxy_on_new_connection: 'i>i',
  proxy_on_downstream_data: 'iii>i',
  proxy_on_upstream_data: 'iii>i',
  proxy_on_downstream_connection_close: 'ii>',
  proxy_on_upstream_connection_close: 'ii>',
  proxy_on_request_headers: 'iii>i',
  proxy_on_response_headers: 'iii>i',
  proxy_on_request_body: 'iii>i',
  proxy_on_response_body: 'iii>i',
  proxy_on_request_trailers: 'ii>i',
  proxy_on_response_trailers: 'ii>i',
  proxy_on_request_metadata: 'ii>i',
  proxy_on_response_metadata: 'ii>i',
  proxy_on_http_call_response: 'iiiii>',
  proxy_on_grpc_receive: 'iii>',
  proxy_on_grpc_close: 'iii>',
  proxy_on_grpc_receive_initial_metadata: 'iii>',
  proxy_on_grpc_receive_trailing_metadata: 'iii>',
  proxy_on_queue_ready: 'ii>',
  proxy_on_foreign_function: 'iii>',
  proxy_on_done: 'i>i',
  proxy_on_log: 'i>',
  proxy_on_delete: 'i>',
  envoy_on_resolve_dns: 'iii>',
  envoy_on_stats_update: 'ii>',
};
