// The alerts of docs/security.md as a test sees them: the counters that their expressions take rates of, by the names
// that Prometheus has them under.

import assert from 'node:assert/strict';

import { sampleValue, type Sample } from '../../../tools/envoy/exposition.ts';
import { request, type RequestOptions } from '../../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../../tools/envoy/running.ts';

export type Alert = 'A1' | 'A2' | 'A4' | 'A5' | 'A6' | 'A7';

/** What each alert counts, from a page of Prometheus; a series that is missing counts as 0, as in the expressions. */
const COUNTED: Readonly<Record<Alert, (page: readonly Sample[]) => number>> = {
  A1: (page) => taken(page, 'envoy_http_downstream_rq_total') - plain(page, 'mixer_checks_total'),
  A2: (page) => plain(page, 'envoy_extension_config_discovery_http_filter_mixer_config_fail'),
  A4: (page) => plain(page, 'envoy_wasm_mixer_vm_reload_success'),
  A5: (page) => plain(page, 'mixer_ambiguous_paths_total'),
  A6: (page) => taken(page, 'envoy_http_downstream_cx_upgrades_total'),
  A7: (page) => takenByAll(page) - plain(page, 'mixer_checks_total'),
};

const STATISTICS_TIMEOUT_MS = 5_000;
const PASSED_COUNT = 5;

function taken(page: readonly Sample[], name: string): number {
  return sampleValue(page, name, { envoy_http_conn_manager_prefix: 'ingress' }) ?? 0;
}

/** Requests of every HTTP listener but Envoy's own for administration. */
function takenByAll(page: readonly Sample[]): number {
  return page
    .filter(({ name }) => name === 'envoy_http_downstream_rq_total')
    .filter(({ labels }) => labels['envoy_http_conn_manager_prefix'] !== 'admin')
    .reduce((sum, { value }) => sum + value, 0);
}

function plain(page: readonly Sample[], name: string): number {
  return sampleValue(page, name) ?? 0;
}

/** How far the counter of an alert stands. */
export async function countedBy(envoy: RunningEnvoy, alert: Alert): Promise<number> {
  return COUNTED[alert](await envoy.prometheus());
}

/** Waits until the counter of an alert stands at `count`. */
export async function assertCounted(
  envoy: RunningEnvoy,
  alert: Alert,
  count: number,
): Promise<void> {
  let last = NaN;
  const reach = async (): Promise<boolean> => (last = await countedBy(envoy, alert)) === count;
  await envoy
    .waitFor(reach, STATISTICS_TIMEOUT_MS)
    .catch(() => assert.fail(`${alert} counts ${last} instead of ${count}`));
}

/** Requests pass that a rule denies, and the first alert sees every one of them. */
export async function assertBypassed(envoy: RunningEnvoy, closed: RequestOptions): Promise<void> {
  const before = await countedBy(envoy, 'A1');
  for (let sent = 0; sent < PASSED_COUNT; sent++)
    assert.equal((await request(envoy.url, closed)).status, 200);
  await assertCounted(envoy, 'A1', before + PASSED_COUNT);
}
