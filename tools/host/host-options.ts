// The defaults of a host's options: what VM, plugin and failure policy a test gets that asks for none.

import { toBytes } from './bytes.ts';
import type { PluginFacts } from './contexts.ts';
import type { CheckedModule } from './module.ts';
import type { ThreadPolicy } from './thread.ts';
import type { HostOptions, PluginOptions } from './types.ts';
import type { VmFacts } from './vm.ts';

/** Envoy's own default; with jitter there, without here. */
const DEFAULT_BACKOFF_MS = 1000;

export function policyOf(options: HostOptions): ThreadPolicy {
  return {
    failurePolicy: options.failurePolicy ?? 'FAIL_CLOSED',
    reloadBackoffMs: options.reloadBackoffMs ?? DEFAULT_BACKOFF_MS,
    allowOnHeadersStopIteration: options.allowOnHeadersStopIteration ?? false,
  };
}

export function factsOf(options: HostOptions, module: CheckedModule): VmFacts {
  const { allowedCapabilities = [] } = options;
  return {
    module,
    vmId: options.vmId ?? '',
    vmConfiguration: toBytes(options.vmConfiguration),
    node: options.node ?? {},
    environment: options.environment ?? {},
    allowedCapabilities: allowedCapabilities.length === 0 ? null : new Set(allowedCapabilities),
  };
}

export function pluginOf(options: PluginOptions): PluginFacts {
  return {
    name: options.pluginName ?? 'plugin',
    rootId: options.rootId ?? '',
    configuration: toBytes(options.configuration),
  };
}
