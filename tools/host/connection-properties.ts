// The properties of a TCP connection: when each is readable and what it holds unless the test says otherwise.

import type { ConnectionContext } from './connection-context.ts';
import type { PropertyValue } from './property-table.ts';

interface Property {
  readonly isReadable: (connection: ConnectionContext) => boolean;
  readonly read: (connection: ConnectionContext) => PropertyValue;
}

const always = (): boolean => true;
const onceUpstream = ({ facts }: ConnectionContext): boolean =>
  facts.isUpstreamOpen && facts.hasData;
const text = (value: string) => (): PropertyValue => value;
const id = ({ facts }: ConnectionContext): PropertyValue => BigInt(facts.id);
const portIn =
  (address: string, otherwise: bigint) =>
  ({ input }: ConnectionContext): PropertyValue => {
    const given = input.properties?.[address];
    const port = typeof given === 'string' ? /:(\d+)$/.exec(given)?.[1] : undefined;
    return port === undefined ? otherwise : BigInt(port);
  };

export const CONNECTION_PROPERTIES: ReadonlyMap<string, Property> = new Map<string, Property>([
  ['request.time', { isReadable: always, read: ({ facts }) => facts.startNs }],
  ['request.size', { isReadable: always, read: ({ facts }) => BigInt(facts.receivedBytes) }],
  ['response.size', { isReadable: always, read: ({ facts }) => BigInt(facts.sentBytes) }],
  ['source.address', { isReadable: always, read: text('127.0.0.1:50000') }],
  ['source.port', { isReadable: always, read: portIn('source.address', 50_000n) }],
  ['destination.address', { isReadable: always, read: text('127.0.0.1:10000') }],
  ['destination.port', { isReadable: always, read: portIn('destination.address', 10_000n) }],
  ['connection.id', { isReadable: always, read: id }],
  ['connection_id', { isReadable: always, read: id }],
  ['connection.mtls', { isReadable: always, read: () => false }],
  ['connection.requested_server_name', { isReadable: always, read: text('') }],
  ['upstream.address', { isReadable: onceUpstream, read: text('127.0.0.1:8080') }],
  ['upstream.port', { isReadable: onceUpstream, read: () => 8080n }],
  ['xds.cluster_name', { isReadable: onceUpstream, read: text('upstream') }],
  ['xds.filter_chain_name', { isReadable: always, read: text('') }],
  ['xds.listener_metadata', { isReadable: always, read: text('') }],
  ['xds.listener_direction', { isReadable: always, read: direction }],
]);

/** What a handshake brings: absent (or false) until data has come, whatever the test gives. */
export const OF_HANDSHAKE = /^connection\.(mtls|tls_version|.*certificate.*)$/;

function direction({ input }: ConnectionContext): PropertyValue {
  if (input.direction === undefined) return 0n;
  return input.direction === 'inbound' ? 1n : 2n;
}
