// The filter that writes the peer's own address down for `source.direct_ip`: Envoy tells a wasm filter only
// the address that headers may have changed. Written only for documents that read it: it costs each stream a
// little.

import type { FilterKind } from './capabilities.ts';
import type { Config, RenderOptions } from './types.ts';

/** The key of the filter state; the attribute's row names it too. */
export const DIRECT_ADDRESS_KEY = 'mixer.source.direct_ip';

/** The entry in front of ours; none where the document does not read the address. */
export function directAddress(kind: FilterKind, options: RenderOptions): Config[] {
  if (options.described.readsDirectAddress !== true) return [];
  const value = {
    object_key: DIRECT_ADDRESS_KEY,
    factory_key: 'envoy.string',
    format_string: {
      text_format_source: { inline_string: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%' },
    },
  };
  return [
    {
      name: `envoy.filters.${kind}.set_filter_state`,
      typed_config: {
        '@type': `type.googleapis.com/envoy.extensions.filters.${kind}.set_filter_state.v3.Config`,
        [kind === 'http' ? 'on_request_headers' : 'on_new_connection']: [value],
      },
    },
  ];
}
