// A real Open Policy Agent on a free port, with one policy.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../../tools/envoy/ports.ts';
import { poll } from '../../support/poll.ts';

/** A running one. */
export interface Opa {
  readonly port: number;
  /** How often a path below /v1 was asked, from OPA's own metrics. */
  questionCount(): Promise<number>;
  /** Replaces the policy. */
  setPolicy(rego: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it and waits until it answers; `given` is its port, a free one unless there is one. */
export async function startOpa(program: string, rego: string, given?: number): Promise<Opa> {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-opa-'));
  const file = join(folder, 'policy.rego');
  writeFileSync(file, rego);
  const [port = 0] = given === undefined ? await freePorts(1) : [given];
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, ['run', '--server', '--addr', `127.0.0.1:${port}`, file], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  await poll('OPA answers', 20_000, async () => ((await fetch(`${url}/health`)).ok ? true : null));
  return {
    port,
    async questionCount() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = /^http_request_duration_seconds_count\{.*handler="v1\/data".*\} (\d+)$/m.exec(
        text,
      );
      return Number(line?.[1] ?? 0);
    },
    async setPolicy(text) {
      const answer = await fetch(`${url}/v1/policies/${encodeURIComponent(file.slice(1))}`, {
        method: 'PUT',
        body: text,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
