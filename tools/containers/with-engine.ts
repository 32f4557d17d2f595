// Runs a command with an engine and an Envoy image at hand: `tsx tools/containers/with-engine.ts COMMAND…`. Keeps the
// command's exit code; ends with 3 where no engine can be had.

import { spawn } from 'node:child_process';
import { acquireEngine } from './engine.ts';
import { provideEnvoyImage } from './image.ts';

const EXIT_USAGE = 2;
const EXIT_ENVIRONMENT = 3;

function print(line: string): void {
  process.stderr.write(`${line.trim()}\n`);
}

async function run(command: string, args: readonly string[]): Promise<number> {
  const engine = await acquireEngine(print);
  if (engine.kind === 'missing') {
    print(engine.reason);
    return EXIT_ENVIRONMENT;
  }
  try {
    const env = {
      ...process.env,
      ...engine.env,
      ENVOY_IMAGE: provideEnvoyImage(engine.env, print),
    };
    const child = spawn(command, args, { env, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => child.kill(signal));
    return await new Promise<number>((done, fail) => {
      child.once('error', fail);
      child.once('exit', (code) => done(code ?? EXIT_ENVIRONMENT));
    });
  } finally {
    await engine.close();
  }
}

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  print('usage: with-engine COMMAND…');
  process.exitCode = EXIT_USAGE;
} else {
  process.exitCode = await run(command, args);
}
