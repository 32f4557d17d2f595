// A trap in words: the callback, the reason, and the guest's frames as Envoy logs a backtrace, which `mixer symbolize`
// reads.

import type { Trap } from './errors.ts';

/** The first line says what happened; one more for each frame. */
export function trapText({ callback, reason, stack }: Trap): string {
  const frames = stack.matchAll(/at (\S+) \(wasm:[^)]*:(0x[0-9a-f]+)\)/g);
  const lines = [...frames].map(([, name = '', at = '']) => `  ${at} - ${name}`);
  return [`${callback} trapped: ${reason}`, ...lines].join('\n');
}
