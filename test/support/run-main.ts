// How a program of the tests ends: with the exit code of its `main`, or, where an option is unknown, with its usage.

const EXIT_USAGE = 2;

/** Runs `main`; what parseArgs refuses is a mistake of the caller, everything else is ours and goes on. */
export async function runMain(main: () => Promise<number>, usage: string): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error;
    if (!isUsage) throw error;
    process.stderr.write(`${error.message}\n${usage}`);
    process.exitCode = EXIT_USAGE;
  }
}
