// The options of the project's own commands: `--help` prints the usage, an unknown option prints it with what is wrong
// and ends with 2.

const EXIT_USAGE = 2;

/** What `parse` makes of the command line by parseArgs; where nothing is to run, the process ends here. */
export function readFlags<T>(parse: () => T, usage: string): T {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n${usage}`);
    process.exit(EXIT_USAGE);
  }
}
