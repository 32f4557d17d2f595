// Talk of the build: one readable line each on stderr, through pino. LOG=json gives pino's own lines.

import pino, { type Logger } from 'pino';

/** A logger that a person reads. */
export function createLog(): Logger {
  const options = { base: null, timestamp: false } as const;
  if (process.env['LOG'] === 'json')
    return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

function readable(line: string): string {
  const { msg, level } = JSON.parse(line) as { msg: string; level: number };
  return level >= 50 ? `error: ${msg}\n` : `${msg}\n`;
}
