// A handler's `connection` as the document gives it. Cold.

import { CALLOUT_TIMEOUT_MS } from "../shared/limits";
import { Protocol } from "../template/adapter";
import { RetryPolicy } from "../template/connection";
import { TlsSpec } from "./connection-tls";

/** How a handler reaches its backend, as the document says. */
export class ConnectionSpec {
  timeoutMs: u32 = CALLOUT_TIMEOUT_MS;
  retry: RetryPolicy = new RetryPolicy(0, 80, 1000);
  authority: string = "";
  /** How the cluster that `render` writes speaks TLS; null where it does not. */
  tls: TlsSpec | null = null;

  constructor(
    readonly protocol: Protocol,
    /** `host:port`, or "" where Envoy has the cluster already. */
    readonly address: string,
    readonly cluster: string,
  ) {}
}
