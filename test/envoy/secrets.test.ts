// Secrets from Envoy's environment, on a real Envoy: neither its admin port, nor its logs at their most talkative, nor
// an answer, an explanation or an error shows one; nor does the command line.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { request, type Answer } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { mixer, withFiles } from '../cli/mixer.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const PASSWORD = 'open sesame';
const SALT = 'salt-of-this-test';
const KEY = 'key-7351-of-this-test';

/** What nobody may see, by variable. */
const SECRETS = {
  MIXER_TEST_HASH: `sha256:${SALT}:${sha256(SALT + PASSWORD)}`,
  MIXER_TEST_KEY: sha256(KEY),
  MIXER_TEST_WORD: 'zebra-7351-of-this-test',
  MIXER_TEST_SUFFIX: 'suffix-9264-of-this-test',
} as const;

const DOCUMENT = {
  debug: { allowFrom: 'source.direct_ip == ip("127.0.0.1")' },
  handlers: [
    {
      name: 'users',
      adapter: 'basicauth',
      params: { users: [{ name: 'ann', hash: '${env:MIXER_TEST_HASH}' }] },
    },
    {
      name: 'keys',
      adapter: 'apikey',
      params: { keys: [{ consumer: 'shop', sha256: '${env:MIXER_TEST_KEY}' }] },
    },
    {
      name: 'words',
      adapter: 'list',
      params: { overrides: ['${env:MIXER_TEST_WORD}', 'part-${env:MIXER_TEST_SUFFIX}'] },
    },
  ],
  instances: [
    { name: 'word', template: 'listentry', params: { value: 'request.headers["x-token"] | ""' } },
  ],
  rules: [
    { name: 'users', match: 'request.url_path == "/users"', actions: [{ handler: 'users' }] },
    { name: 'keys', match: 'request.url_path == "/keys"', actions: [{ handler: 'keys' }] },
    {
      name: 'words',
      match: 'request.url_path == "/words"',
      actions: [{ handler: 'words', instances: ['word'] }],
    },
  ],
};

/** The document with one value that its place does not take. */
function broken(params: (good: typeof DOCUMENT) => void): string {
  const copy = structuredClone(DOCUMENT);
  params(copy);
  return JSON.stringify(copy);
}

const BROKEN: Readonly<Record<string, string>> = {
  'is no hash of a password': broken(({ handlers }) => {
    handlers[0]!.params.users![0]!.hash = '${env:MIXER_TEST_WORD}';
  }),
  'is no SHA-256': broken(({ handlers }) => {
    handlers[1]!.params.keys![0]!.sha256 = '${env:MIXER_TEST_WORD}';
  }),
  'is no address': broken(({ handlers }) => {
    Object.assign(handlers[2]!.params, { entryType: 'IP_ADDRESSES' });
  }),
  'is no number': broken(({ handlers }) => {
    Object.assign(handlers[2]!.params, { cachingUseCount: '${env:MIXER_TEST_WORD}' });
  }),
  'is no name of an algorithm': broken(({ handlers }) => {
    Object.assign(handlers[2]!.params, { entryType: '${env:MIXER_TEST_WORD}' });
  }),
};

/** That a text has none of them, nor a form in which they could be read back. */
function assertHidden(text: string, where: string): void {
  for (const [name, secret] of Object.entries(SECRETS)) {
    const forms = [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ];
    for (const form of forms) assert.ok(!text.includes(form), `${where} shows ${name}`);
  }
}

const basic = (password: string): [string, string] => [
  'authorization',
  `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`,
];

describe('a secret from the environment', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({
      document: DOCUMENT,
      reloadable: true,
      env: SECRETS,
      wasmLogLevel: 'trace',
    });
  });
  after(() => envoy.stop());

  const send = (path: string, header: [string, string]): Promise<Answer> =>
    request(envoy.url, { path, headers: [header] });

  it('is in force: who has it passes, who has not is denied', async () => {
    const cases: [path: string, good: [string, string], bad: [string, string], status: number][] = [
      ['/users', basic(PASSWORD), basic('other'), 401],
      ['/keys', ['x-api-key', KEY], ['x-api-key', 'other'], 401],
      ['/words', ['x-token', SECRETS.MIXER_TEST_WORD], ['x-token', 'other'], 403],
    ];
    for (const [path, good, bad, status] of cases) {
      assert.equal((await send(path, good)).status, 200, path);
      assert.equal((await send(path, bad)).status, status, path);
    }
    const part = `part-${SECRETS.MIXER_TEST_SUFFIX}`;
    assert.equal((await send('/words', ['x-token', part])).status, 200);
  });

  it('is in no answer and no explanation', async () => {
    const senders: [string, [string, string]][] = [
      ['/users', basic('other')],
      ['/users', basic(PASSWORD)],
      ['/keys', ['x-api-key', KEY]],
      ['/keys', ['x-api-key', 'other']],
      ['/words', ['x-token', 'other']],
      ['/words', ['x-token', SECRETS.MIXER_TEST_WORD]],
    ];
    for (const [path, header] of senders) {
      const { status, headers, body } = await send(path, header);
      assert.match(headers['x-mixer-explain'] ?? '', /^verdict=/, path);
      assertHidden(JSON.stringify(headers), `the answer to ${path}`);
      // The echo upstream shows what the client itself sent.
      if (status !== 200) assertHidden(body, `the body of ${path}`);
    }
  });

  for (const [what, document] of Object.entries(BROKEN)) {
    it(`is in no error where it ${what}`, async () => {
      const before = envoy.log().length;
      assert.equal(await envoy.updateDocument(document), 'refused');
      const log = envoy.log().slice(before);
      assert.match(log, /E\d{4} /);
      assertHidden(log, 'the error');
    });
  }

  it('is in no page of the admin port, no log, no access log', async () => {
    const pages = ['/config_dump?include_eds', '/stats', '/stats/prometheus', '/clusters'];
    for (const page of [...pages, '/listeners?format=json', '/server_info', '/init_dump']) {
      const text = await envoy.admin.text(page);
      assert.ok(text.length > 0, page);
      assertHidden(text, page);
    }
    const dump = await envoy.admin.text('/config_dump');
    assert.ok(dump.includes('${env:MIXER_TEST_WORD}'), 'the document is there, with the name');
    assertHidden(envoy.log(), 'the log');
    assertHidden(JSON.stringify(envoy.accessLog()), 'the access log');
  });

  it('is in nothing that the command line prints', async () => {
    const requests = '{"method":"GET","path":"/words","headers":{"x-token":"other"}}\n';
    const files = { 'policy.json': JSON.stringify(DOCUMENT), 'requests.jsonl': requests };
    await withFiles(files, async (folder) => {
      const policy = join(folder, 'policy.json');
      const commands = [
        ['check', policy],
        ['explain', policy, '--request', join(folder, 'requests.jsonl')],
        ['replay', policy, '--log', join(folder, 'requests.jsonl')],
        ['render', policy, '--sidecar'],
      ];
      for (const args of commands) {
        const { code, stdout, stderr } = await mixer(args, { env: SECRETS });
        assert.equal(code, 0, `${args[0]}: ${stderr}`);
        assert.ok((stdout + stderr).length > 0, args[0]);
        assertHidden(stdout + stderr, `mixer ${args[0]}`);
      }
    });
  });
});
