// Every backend with every fault, on a real Envoy: each request is answered in time, denied or passed as onError says.
// The table of answers is printed by `npm test`.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { findAdapters } from '../../tools/build/find-adapters.ts';
import { ROOT } from '../../tools/build/root.ts';
import {
  BEHAVIOURS,
  startBadServer,
  type BadServer,
  type Behaviour,
} from './support/bad-server.ts';
import {
  GRPC_BEHAVIOURS,
  startBadGrpcServer,
  type GrpcBehaviour,
} from './support/bad-grpc-server.ts';
import {
  ON_ERROR,
  backends,
  canFail,
  faultDocument,
  pathOf,
  writeMatrix,
  type Fault,
} from './support/fault-matrix.ts';

const TIMEOUT_MS = 1_000;
/** What a request may take beyond that, on a machine that is busy. */
const SLACK_MS = 5_000;
/** What a server over plain HTTP/1.1 says well enough; a server of gRPC has said nothing,
 * except in one case, which shows that those like it are refused for what follows. Any text is a list. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  opa: ['large but readable'],
  extauthz: ['gRPC: yes'],
  bypass: ['gRPC: yes'],
  list: ['large but readable', 'no JSON', 'no decision', 'no body'],
};

const GRPC = Object.keys(GRPC_BEHAVIOURS) as GrpcBehaviour[];
const NOWHERE: readonly Fault[] = [
  { name: 'nobody listens', connection: { address: '127.0.0.1:1' } },
  { name: 'no endpoint', connection: { address: 'nobody.invalid:80' } },
  { name: 'no cluster', connection: { cluster: 'nobody' } },
];

describe('a policy whose backend fails', () => {
  const servers: Pick<BadServer, 'stop'>[] = [];
  const adapters = backends(findAdapters(ROOT).map(({ name }) => name));
  const behaviours = Object.keys(BEHAVIOURS) as Behaviour[];
  const names = [...behaviours, ...GRPC, ...NOWHERE.map(({ name }) => name)];
  const statuses = new Map<string, number>();
  let envoy: RunningEnvoy;

  before(async () => {
    const faults: Fault[] = [...NOWHERE];
    for (const behaviour of behaviours) {
      const server = await startBadServer(behaviour);
      servers.push(server);
      faults.push({ name: behaviour, connection: { address: `127.0.0.1:${server.port}` } });
    }
    for (const name of GRPC) {
      const server = await startBadGrpcServer(name);
      servers.push(server);
      const connection = { address: `127.0.0.1:${server.port}` };
      faults.push({ name, connection, isGrpc: true });
    }
    envoy = await startEnvoy({ document: faultDocument(adapters, faults, TIMEOUT_MS) });
  });

  after(async () => {
    writeMatrix(adapters, statuses, names);
    await envoy.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function statusOf(path: string): Promise<number> {
    const start = performance.now();
    const { status } = await request(envoy.url, { path });
    statuses.set(path, status);
    const ms = performance.now() - start;
    assert.ok(ms < TIMEOUT_MS + SLACK_MS, `${path} took ${ms} ms`);
    return status;
  }

  for (const adapter of adapters) {
    const isGrpc = (name: string): boolean => Object.hasOwn(GRPC_BEHAVIOURS, name);
    for (const fault of names) {
      if (!canFail(adapter, isGrpc(fault))) continue;
      it(`answers as onError says where ${adapter} asks and the backend does this: ${fault}`, async () => {
        const [denied = 0, allowed = 0] = await Promise.all(
          ON_ERROR.map((onError) => statusOf(pathOf(adapter, fault, onError))),
        );
        if (adapter === 'list' && GOOD['list']?.includes(fault) === true) {
          // Whether it has been fetched yet or not, the path is not on it.
          assert.ok([403, 503].includes(denied) && [403, 200].includes(allowed));
          return;
        }
        assert.equal(allowed, 200);
        if (GOOD[adapter]?.includes(fault) !== true) {
          assert.ok(denied >= 500 && denied <= 504, `got ${denied}`);
          return;
        }
        // A machine that others use as well may need more than the time limit for a large answer.
        const path = pathOf(adapter, fault, ON_ERROR[0]);
        if (denied !== 200) await envoy.waitFor(async () => (await statusOf(path)) === 200);
      });
    }
  }
});
