// A server of Envoy's external authorization protocol on a free port, by gRPC's own library: it decides as the test
// says and remembers what it was asked.

import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The HTTP part of a question. */
export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
}

/** A CheckResponse, or the status of a call that fails; 'nothing': no answer comes at all. */
export type Decision =
  | 'nothing'
  | { readonly fails: grpc.status }
  | {
      readonly status?: { readonly code: number; readonly message?: string };
      readonly deniedResponse?: {
        readonly status?: { readonly code: number };
        readonly headers?: readonly HeaderOption[];
        readonly body?: string;
      };
      readonly okResponse?: {
        readonly headers?: readonly HeaderOption[];
        readonly headersToRemove?: readonly string[];
      };
    };

/** A running one. */
export interface ExtAuthzServer {
  readonly port: number;
  readonly asked: readonly AskedRequest[];
  stop(): void;
}

type Check = grpc.handleUnaryCall<
  { readonly attributes: { readonly request: { readonly http: AskedRequest } } },
  object
>;

const PROTO = fileURLToPath(new URL('ext-authz.proto', import.meta.url));
const SERVICE = 'envoy.service.auth.v3.Authorization';

/** Starts one; `decide` is asked for each question. */
export async function startExtAuthz(
  decide: (request: AskedRequest) => Decision,
): Promise<ExtAuthzServer> {
  const asked: AskedRequest[] = [];
  const check: Check = (call, answer) => {
    const { http } = call.request.attributes.request;
    asked.push(http);
    const decision = decide(http);
    if (decision === 'nothing') return;
    if ('fails' in decision) answer({ code: decision.fails, details: 'as the test says' });
    else answer(null, decision);
  };
  const server = new grpc.Server();
  const definition = loadSync(PROTO, { defaults: true })[SERVICE];
  server.addService(definition as grpc.ServiceDefinition, { Check: check });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    asked,
    stop() {
      server.forceShutdown();
    },
  };
}
