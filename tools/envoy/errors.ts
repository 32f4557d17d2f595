// Errors of the surroundings: no Envoy, an Envoy that ends before it is ready. They are facts about
// the machine, not about anybody's configuration, so the command line ends with 3 for them.

/** What this machine lacks, in one message that says what to do. */
export class MissingEnvironment extends Error {
  override readonly name = 'MissingEnvironment';
}

/** Envoy ended, or did not get ready in time; `log` holds its last words. */
export class EnvoyNotReady extends Error {
  override readonly name = 'EnvoyNotReady';
  readonly log: string;

  constructor(problem: string, log: string) {
    super(`${problem}\n${lastWords(log)}`);
    this.log = log;
  }
}

const LAST_LINES_MAX = 12;

/** The lines that say why: errors where there are some, else the end of the log. */
export function lastWords(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '');
  const grave = lines.filter((line) => /\[(?:error|critical)\]/.test(line));
  return (grave.length > 0 ? grave : lines)
    .slice(-LAST_LINES_MAX)
    .map((line) => `  ${line}`)
    .join('\n');
}
