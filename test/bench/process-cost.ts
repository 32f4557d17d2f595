// What a process has cost so far, as Linux counts it: CPU time of all its threads to the nanosecond,
// and resident memory.

import { readFileSync, readdirSync } from 'node:fs';

/** CPU nanoseconds of all living threads. Envoy's threads live as long as Envoy. */
export function cpuNanos(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + threadNanos(pid, thread),
    0,
  );
}

function threadNanos(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    // It has ended since the folder was read.
    return 0;
  }
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} shows no resident memory`);
  return Number(kibibytes) * 1024;
}
