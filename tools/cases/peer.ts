// Who Envoy takes the caller for behind another proxy: the last entry of x-forwarded-for, as in the configuration that
// `mixer render --sidecar` writes. The emulator has no connection manager, so its cases need this.

import { isIP } from 'node:net';
import type { Pair } from './types.ts';

/** The address alone; null where the header says nothing. */
export function forwardedAddress(headers: readonly Pair[]): string | null {
  const values = headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for');
  const line = values.map(([, value]) => value).join(',');
  const last = line.slice(line.lastIndexOf(',') + 1).trim();
  return isIP(last) === 0 ? null : last;
}

/** `10.1.2.3:0`, in Envoy's form; null where the header says nothing. */
export function peerAddress(headers: readonly Pair[]): string | null {
  const address = forwardedAddress(headers);
  if (address === null) return null;
  return isIP(address) === 6 ? `[${address}]:0` : `${address}:0`;
}
