// The traps of a filter, picked out of Envoy's log: what was called, why it ended, and the frames of the backtrace.

const FAILED = /\]\[wasm\].*? Function: (\w+) failed: (?:Uncaught RuntimeError: )?(.*)$/;
const FRAME = /^\s+\d+:\s+(0x[0-9a-f]+ - .*)$/;

/** One text for each different trap, in the form that `mixer symbolize` reads; what is the same is told once. */
export function trapsInLog(log: string): string[] {
  const traps: string[] = [];
  let isTrap = false;
  for (const line of log.split('\n')) {
    const [, callback, reason] = FAILED.exec(line) ?? [];
    const frame = FRAME.exec(line)?.[1];
    if (callback !== undefined) traps.push(`${callback} trapped: ${reason}`);
    else if (isTrap && frame !== undefined) traps.push(`${traps.pop()}\n  ${frame}`);
    // The head of the backtrace and its frames have no head of Envoy's in front.
    isTrap = callback !== undefined || (isTrap && !line.startsWith('['));
  }
  return [...new Set(traps)];
}
