// The filter's own part of Envoy's configuration: the plugin, the VM it runs in, and how Envoy gets
// both (inside the listener, or by ECDS from a local file; never remote code, which ECDS would drop
// without a word).

import { createHash } from 'node:crypto';

import { capabilities, type FilterKind } from './capabilities.ts';
import { rootIdOf } from './root-id.ts';
import type { Config, ListenerOptions, RenderOptions } from './types.ts';

const WASM_FILTERS: Readonly<Record<FilterKind, string>> = {
  http: 'type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm',
  network: 'type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm',
};
/** From this minor version on the capability list stands in vm_config; before, in the plugin. */
const CAPABILITIES_IN_VM_SINCE = 40;

/** The name of the plugin, of its VM and of its ECDS resource. */
export const FILTER_NAME = 'mixer';

/** The entry of a listener's http_filters, or of a filter chain's filters. */
export function mixerFilter(listener: ListenerOptions, options: RenderOptions): Config {
  if (listener.ecdsPath === undefined)
    return { name: FILTER_NAME, typed_config: wasmFilter(listener, options) };
  return {
    name: FILTER_NAME,
    config_discovery: {
      config_source: {
        resource_api_version: 'V3',
        path_config_source: {
          path: listener.ecdsPath,
          watched_directory: { path: folderOf(listener.ecdsPath) },
        },
      },
      type_urls: [WASM_FILTERS[listener.kind ?? 'http']],
    },
  };
}

/** The file that ECDS reads: one resource; the version follows from the content. */
export function ecdsResource(listener: ListenerOptions, options: RenderOptions): Config {
  const resource = {
    '@type': 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig',
    name: FILTER_NAME,
    typed_config: wasmFilter(listener, options),
  };
  return { version_info: revisionOf(JSON.stringify(resource)), resources: [resource] };
}

/** Twelve hexadecimal digits that stand for a text. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function wasmFilter(listener: ListenerOptions, options: RenderOptions): Config {
  const kind = listener.kind ?? 'http';
  const restriction: Config = {
    capability_restriction_config: {
      allowed_capabilities: Object.fromEntries(
        capabilities(options.described.features, kind).map((name) => [name, {}]),
      ),
    },
  };
  const inVm = options.envoyMinor >= CAPABILITIES_IN_VM_SINCE;
  return {
    '@type': WASM_FILTERS[kind],
    config: {
      name: FILTER_NAME,
      root_id: rootIdOf(FILTER_NAME, listener.document),
      // A trap ends the VM; this policy makes a new one instead of refusing (or passing) everything
      // from then on.
      failure_policy: 'FAIL_RELOAD',
      configuration: {
        '@type': 'type.googleapis.com/google.protobuf.StringValue',
        value: listener.document,
      },
      vm_config: {
        vm_id: inVm ? FILTER_NAME : vmIdWithFeatures(kind, options.described.features),
        runtime: 'envoy.wasm.runtime.v8',
        code: { local: { filename: options.wasm } },
        ...environmentOf(options.described.environment ?? []),
        ...(inVm ? restriction : {}),
      },
      ...(inVm ? {} : restriction),
    },
  };
}

/** Secrets stay in Envoy's environment: its configuration has their names only. */
function environmentOf(names: readonly string[]): Config {
  if (names.length === 0) return {};
  return { environment_variables: { host_env_keys: [...new Set(names)].sort() } };
}

// Up to 1.39 the list is no part of what tells VMs apart: the first plugin of a vm_id decides it for
// all, and callbacks that only a later one needs would never come. So each feature set has a VM of
// its own there, and shared data (quotas) with it.
function vmIdWithFeatures(kind: FilterKind, features: readonly string[]): string {
  return [FILTER_NAME, ...(kind === 'http' ? [] : [kind]), ...[...features].sort()].join('-');
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
