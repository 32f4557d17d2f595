// What every variant that decides must decide, asked before it is measured: a filter that is fast
// because it lets everything pass is no yardstick.

import { request } from 'node:http';

import { HEADERS, PATH } from './load.ts';

interface Decision {
  readonly method: string;
  readonly path: string;
  /** The value of x-role; null: the header is left out. */
  readonly role: string | null;
  readonly status: number;
}

/** W1: GET or POST, under /api/, one of three roles; else 403. */
const W1: readonly Decision[] = [
  { method: 'GET', path: PATH, role: 'dev', status: 200 },
  { method: 'POST', path: PATH, role: 'ops', status: 200 },
  { method: 'GET', path: '/api/', role: 'admin', status: 200 },
  { method: 'GET', path: PATH, role: 'guest', status: 403 },
  { method: 'GET', path: PATH, role: 'administrator', status: 403 },
  { method: 'GET', path: PATH, role: null, status: 403 },
  { method: 'DELETE', path: PATH, role: 'dev', status: 403 },
  { method: 'PUT', path: PATH, role: 'dev', status: 403 },
  { method: 'GET', path: '/apis/items', role: 'dev', status: 403 },
  { method: 'GET', path: '/', role: 'dev', status: 403 },
];

/** The request of the load itself, which every variant lets pass. */
const PASSES: readonly Decision[] = W1.slice(0, 1);

/** The decisions that differ from what is asked of the variant, each as a sentence. */
export async function wrongDecisions(port: number, decidesW1: boolean): Promise<string[]> {
  const wrong: string[] = [];
  for (const decision of decidesW1 ? W1 : PASSES) {
    const status = await ask(port, decision);
    if (status === decision.status) continue;
    const { method, path, role } = decision;
    wrong.push(`${method} ${path} with role ${role}: ${status}, not ${decision.status}`);
  }
  return wrong;
}

function ask(port: number, { method, path, role }: Decision): Promise<number> {
  const { 'x-role': _, ...others } = HEADERS;
  const headers = role === null ? others : { ...others, 'x-role': role };
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => done(answer.statusCode ?? 0));
    });
    sent.once('error', fail);
    sent.end();
  });
}
