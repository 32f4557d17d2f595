// ECDS with code that Envoy has to fetch: an update whose code is not there yet leaves the filter out, on a real Envoy
// with a server that gives the code late.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';

import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertBypassed, countedBy } from './support/alerts.ts';
import { denying } from './support/documents.ts';
import type { Fields } from './support/patched.ts';

const WASM = 'dist/denier.wasm';
const CLOSED: RequestOptions = { path: '/closed' };
const CODE_PATH = '/filter.wasm';
/** A custom section of no meaning: the same filter with another hash, so that Envoy does not have it. */
const OTHER_SECTION = [0, 2, 1, 120];
/** A filter is compiled first. */
const UPDATE_TIMEOUT_MS = 60_000;
const RELOADS = 'extension_config_discovery.http_filter.mixer.config_reload';

/** The upstream, and the server of the code: it answers only once it may. */
class CodeServer {
  readonly server: Server;
  askedCount = 0;
  readonly #held: (() => void)[] = [];
  #isOpen = false;

  constructor(code: Buffer) {
    this.server = createServer((incoming, outgoing) => {
      if (incoming.url !== CODE_PATH) return void outgoing.end('upstream');
      this.askedCount++;
      const give = (): void => void outgoing.end(code);
      if (this.#isOpen) give();
      else this.#held.push(give);
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  open(): void {
    this.#isOpen = true;
    for (const give of this.#held.splice(0)) give();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('ECDS with remote code', () => {
  const code = Buffer.concat([readFileSync(WASM), Buffer.from(OTHER_SECTION)]);
  const server = new CodeServer(code);
  let envoy: RunningEnvoy;
  before(async () => {
    const upstream = { host: '127.0.0.1', port: await server.start() };
    const document = denying('/closed');
    envoy = await startEnvoy({ document, wasm: WASM, reloadable: true, upstream });
  });
  after(async () => {
    await envoy.stop();
    server.stop();
  });

  /** Changes the resource in the file that Envoy follows, and waits until it has taken it. */
  async function update(version: string, change: (vm: Fields) => void): Promise<void> {
    const reloads = async (): Promise<number> => Number((await envoy.stats(RELOADS))[RELOADS]);
    const before = await reloads();
    const path = join(envoy.folder, 'mixer.ecds.yaml');
    const file = parse(readFileSync(path, 'utf8')) as {
      version_info: string;
      resources: { typed_config: { config: { vm_config: Fields } } }[];
    };
    file.version_info = version;
    change(file.resources[0]!.typed_config.config.vm_config);
    writeFileSync(`${path}.new`, stringify(file));
    renameSync(`${path}.new`, path);
    await envoy.waitFor(async () => (await reloads()) > before, UPDATE_TIMEOUT_MS);
  }

  it('leaves the filter out without a word while the code is not there, and the alert sees it', async () => {
    assert.equal((await request(envoy.url, CLOSED)).status, 403);
    const refusedBefore = await countedBy(envoy, 'A2');
    await update('remote', (vm) => {
      vm['code'] = {
        remote: {
          http_uri: { uri: `http://code${CODE_PATH}`, cluster: 'upstream', timeout: '30s' },
          sha256: createHash('sha256').update(code).digest('hex'),
        },
      };
    });
    await assertBypassed(envoy, CLOSED);
    assert.equal(await countedBy(envoy, 'A2'), refusedBefore, 'Envoy calls it a success');
  });

  it('does not come back when the code could be had: Envoy never asks for it', async () => {
    server.open();
    await assertBypassed(envoy, CLOSED);
    assert.equal(server.askedCount, 0);
  });

  it('with a local file, as rendered, is in force at once', async () => {
    await update('local', (vm) => {
      vm['code'] = { local: { filename: join(process.cwd(), WASM) } };
    });
    assert.equal((await request(envoy.url, CLOSED)).status, 403);
  });
});
