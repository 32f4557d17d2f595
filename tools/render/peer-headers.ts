// At the edge no client is a proxy of ours: the headers by which proxies tell each other who they are
// (`peers` in a document) are removed before any filter sees the request, by Envoy itself.

import { PEER_ID_HEADER, PEER_METADATA_HEADER } from '../../assembly/shared/peers.ts';
import type { Config, Trust } from './types.ts';

/** Settings of the connection manager; none inside a mesh. */
export function peerHeaders(trust: Trust): Config {
  if (trust.kind === 'sidecar') return {};
  return {
    early_header_mutation_extensions: [
      {
        name: 'envoy.http.early_header_mutation.header_mutation',
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
          mutations: [{ remove: PEER_METADATA_HEADER }, { remove: PEER_ID_HEADER }],
        },
      },
    ],
  };
}
