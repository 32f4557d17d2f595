// A log, line by line, however long: the requests in it, with the verdict that each line records. Lines that hold no
// request (Envoy's own, connections, other instances) are counted and left out.

import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

import type { RequestInput } from '../../host/host.ts';
import { FilesWrong } from '../errors.ts';
import { recordedEntry } from '../explain/requests.ts';
import { recordedVerdict, type Verdict } from './verdict.ts';

/** One request of a log. */
export interface LoggedRequest {
  readonly line: number;
  readonly name: string;
  readonly input: RequestInput;
  /** When it was, in milliseconds since 1970; null where the line does not say. */
  readonly atMs: number | null;
  /** Null where the line has no verdict. */
  readonly verdict: Verdict | null;
}

/** Where a log has been read to. */
export interface LogProgress {
  skipped: number;
  readBytes: number;
  /** Of the whole file; null for the standard input. */
  readonly sizeBytes: number | null;
}

/** Opens a log; `-` is the standard input. */
export function openLog(path: string): {
  readonly progress: LogProgress;
  readonly requests: AsyncGenerator<LoggedRequest>;
} {
  const progress: LogProgress = { skipped: 0, readBytes: 0, sizeBytes: sizeOf(path) };
  return { progress, requests: readLog(path, progress) };
}

function sizeOf(path: string): number | null {
  if (path === '-') return null;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) {
    const problem = found === undefined ? 'no such file' : 'a folder';
    throw new FilesWrong(`${path}: ${problem}; --log expects a file of JSON lines, or -`);
  }
  // A pipe, such as the shell's <(…), has no size.
  return found.isFile() ? found.size : null;
}

async function* readLog(path: string, progress: LogProgress): AsyncGenerator<LoggedRequest> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line++;
    progress.readBytes += Buffer.byteLength(text) + 1;
    if (text.trim() === '') continue;
    const found = requestOf(text, line);
    if (found === null) progress.skipped++;
    else yield found;
  }
}

// What Envoy's log puts in front of an entry goes.
function requestOf(text: string, line: number): LoggedRequest | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start));
  } catch {
    return null;
  }
  const recorded = recordedEntry(value, `line ${line}`);
  if (recorded === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  return { line, ...recorded, atMs: timeOf(fields), verdict: recordedVerdict(fields) };
}

function timeOf(fields: Readonly<Record<string, unknown>>): number | null {
  const text = fields['time'] ?? fields['timestamp'] ?? fields['start_time'];
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
