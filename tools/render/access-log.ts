// Envoy's own access log: one JSON object for each request, with what the filter decided and why,
// which the filter hands on as filter state. `mixer run` and the tests read these lines.

import type { Config } from './types.ts';

const FILE_LOG = 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog';
const STDOUT_LOG = 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog';

/** The path that stands for the standard output; opening it as a file fails in some containers. */
export const STDOUT_PATH = '/dev/stdout';

const FORMAT: Config = {
  json_format: {
    time: '%START_TIME%',
    method: '%REQ(:METHOD)%',
    path: '%REQ(:PATH)%',
    authority: '%REQ(:AUTHORITY)%',
    client: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
    status: '%RESPONSE_CODE%',
    details: '%RESPONSE_CODE_DETAILS%',
    flags: '%RESPONSE_FLAGS%',
    grpc_status: '%GRPC_STATUS%',
    duration_ms: '%DURATION%',
    rule: '%FILTER_STATE(wasm.mixer_rule:PLAIN)%',
    verdict: '%FILTER_STATE(wasm.mixer_verdict:PLAIN)%',
    reason: '%FILTER_STATE(wasm.mixer_reason:PLAIN)%',
  },
};

/** One entry of a listener's access_log. */
export function accessLog(path: string): Config {
  if (path === STDOUT_PATH)
    return {
      name: 'envoy.access_loggers.stdout',
      typed_config: { '@type': STDOUT_LOG, log_format: FORMAT },
    };
  return {
    name: 'envoy.access_loggers.file',
    typed_config: { '@type': FILE_LOG, path, log_format: FORMAT },
  };
}
