// An out-of-process adapter of Mixer's protocol (test/parts/mixeradapter), as a process with what it was asked.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Asked {
  readonly method: string;
  /** The id of the session that the call carries; empty without one. */
  readonly session: string;
  readonly request: Readonly<Record<string, unknown>> & {
    readonly dedup_id?: string;
    readonly instance?: Readonly<Record<string, unknown>>;
    readonly instances?: readonly Readonly<Record<string, unknown>>[];
  };
}

export interface MixerAdapter {
  readonly port: number;
  readonly asked: Asked[];
  /** Ends the process; its port is free then. */
  stop(): Promise<void>;
}

/** Starts it and waits until it listens. */
export async function startMixerAdapter(
  program: string,
  flags: readonly string[] = [],
): Promise<MixerAdapter> {
  const child: ChildProcess = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const asked: Asked[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the adapter ended before it listened')));
    assert.ok(child.stdout);
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as { listening?: number } & Asked;
      if (said.listening === undefined) asked.push(said);
      else resolve(said.listening);
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  return { port, asked, stop };
}
