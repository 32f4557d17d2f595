// Results go to stdout, talk goes to stderr through pino: readable lines by default, pino's own
// JSON with LOG=json. Colours only where a person looks (a terminal) and did not forbid them
// (NO_COLOR).

import pc from 'picocolors';
import pino, { type Logger } from 'pino';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for what goes to stdout. */
export function stdoutColors(): Colors {
  return pc.createColors(process.stdout.isTTY && pc.isColorSupported);
}

/** Colours for what goes to stderr. */
export function stderrColors(): Colors {
  return pc.createColors(process.stderr.isTTY && pc.isColorSupported);
}

/** Writes a result. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Whether nobody reads the results any more. */
export function isUnread({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** For a command that would go on for ever: it ends, with 0, once nobody reads its results any more. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isUnread(error)) process.exit(0);
  });
}

/** The logger of the commands. */
export function createLog(isVerbose = false): Logger {
  const options = { base: null, timestamp: false, level: isVerbose ? 'debug' : 'info' } as const;
  if (process.env['LOG'] === 'json')
    return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

const ERROR_LEVEL = 50;
const WARN_LEVEL = 40;

function readable(line: string): string {
  const { msg, level } = JSON.parse(line) as { msg?: string; level: number };
  const colors = stderrColors();
  if (level >= ERROR_LEVEL) return `${colors.red('error:')} ${msg}\n`;
  return level >= WARN_LEVEL
    ? `${colors.yellow('warning:')} ${msg}\n`
    : `${colors.dim(msg ?? '')}\n`;
}
