// The public entry of the emulator, `mixer-in-proxy/testing`: what a test of any proxy-wasm module needs, for any test
// runner. Everything that is not named here may change at any time.

export { describe } from './describe.ts';
export type { Description, Diagnostic } from './describe.ts';
export { EnvoyCrash, Host, ModuleRefused, WrongUse } from './host.ts';
export type {
  Bytes,
  CallAnswer,
  CallFailure,
  CallHandler,
  Connection,
  ConnectionInput,
  ConnectionOutcome,
  HistogramSample,
  HostOptions,
  LogLevel,
  LogLine,
  NodeOptions,
  Outcome,
  PendingCall,
  PluginOptions,
  RequestInput,
  Stream,
  Trap,
  UpstreamAnswer,
} from './host.ts';
