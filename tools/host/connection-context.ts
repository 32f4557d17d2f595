// The context of one TCP connection: what is readable in the callback that runs now. Data is readable only within its
// own callback; there are no headers, and who the peer is shows only once data has come (ABI-VERIFIED §9).

import { BufferType } from './abi.ts';
import type { BodyBuffer } from './bodies.ts';
import { EMPTY } from './bytes.ts';
import { callMap, rootBuffer, type RootContext } from './contexts.ts';
import type { StateValue } from './exchange.ts';
import type { HeaderMap } from './headers.ts';
import type { ConnectionInput } from './types.ts';

export type ConnectionPhase =
  | 'idle'
  | 'newConnection'
  | 'downstreamData'
  | 'upstreamData'
  | 'close'
  | 'log'
  | 'done'
  | 'delete';

/** What the connection does for its context. */
export interface ConnectionControl {
  resume(): void;
  closeByFilter(): void;
}

/** What Envoy counts and knows about a connection. */
export interface ConnectionFacts {
  readonly id: number;
  readonly startNs: bigint;
  receivedBytes: number;
  sentBytes: number;
  /** The next filter has opened its connection to the upstream. */
  isUpstreamOpen: boolean;
  /** Data has come: a TLS handshake is over. */
  hasData: boolean;
  trapped: boolean;
}

export class ConnectionContext {
  readonly kind = 'connection';
  readonly id: number;
  readonly root: RootContext;
  readonly input: ConnectionInput;
  readonly facts: ConnectionFacts;
  readonly control: ConnectionControl;
  readonly filterState = new Map<string, StateValue>();
  readonly declared = new Map<string, { readOnly: boolean }>();
  phase: ConnectionPhase = 'idle';
  downstream: BodyBuffer | null = null;
  upstream: BodyBuffer | null = null;

  constructor(
    id: number,
    root: RootContext,
    input: ConnectionInput,
    facts: ConnectionFacts,
    control: ConnectionControl,
  ) {
    this.id = id;
    this.root = root;
    this.input = input;
    this.facts = facts;
    this.control = control;
  }

  get logging(): boolean {
    return this.phase === 'log';
  }

  map(type: number): HeaderMap | null {
    return callMap(this.root, type);
  }

  writableMap(): null {
    return null;
  }

  buffer(type: number): Uint8Array | BodyBuffer | null {
    if (type === BufferType.DOWNSTREAM_DATA) return this.downstream ?? EMPTY;
    if (type === BufferType.UPSTREAM_DATA) return this.upstream ?? EMPTY;
    return rootBuffer(this.root, type);
  }
}
