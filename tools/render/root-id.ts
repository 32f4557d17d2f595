// The `root_id` of a rendered plugin: it stands for the document, so that the filter can tell the streams of several
// documents in one VM apart without a callback for each. The filter computes the same (assembly/runtime/root-id.ts).

import { createHash } from 'node:crypto';

const ROOT_ID_SIZE = 32;

/** Half a SHA-256 of a plugin's configuration, as Envoy hands it over, and its name. */
export function rootIdOf(pluginName: string, configuration: string): string {
  return hexOfHash(hexOfHash(configuration) + pluginName).slice(0, ROOT_ID_SIZE);
}

function hexOfHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
