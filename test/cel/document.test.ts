import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denier, get, logText, serve, upstreamHeader } from '../rules/serve.ts';
import { Host } from '../../tools/host/host.ts';

const handlers = [denier('no', 7, 'go away')];
const actions = [{ handler: 'no' }];

describe('a document in CEL', () => {
  const document = {
    language: 'CEL',
    attributes: { tier: { type: 'STRING', value: "request.headers['x-plan'] + '!'" } },
    handlers,
    rules: [
      {
        name: 'closed',
        match: "request.url_path.startsWith('/admin') && !(request.method in ['GET', 'HEAD'])",
        actions,
      },
      {
        name: 'old',
        language: 'CEXL',
        match: 'request.headers["x-old"] == "yes"',
        actions,
      },
      {
        name: 'plan',
        match: "has(request.headers.foo) && request.headers['foo'].size() == 3",
        requestHeaderOperations: [
          { name: 'x-tier', values: ['tier'] },
          { name: 'x-mixed', values: [{ language: 'CEXL', expression: '"a" + "b"' }] },
        ],
      },
    ],
  };

  it('matches as CEL does', async () => {
    const host = await serve(document);
    assert.equal(host.request(get('/admin')).status, 200);
    assert.equal(host.request({ ...get('/admin'), method: 'POST' }).status, 403);
  });

  it('has rules in the other language', async () => {
    const host = await serve(document);
    assert.equal(host.request(get('/', { 'x-old': 'yes' })).status, 403);
    assert.equal(host.request(get('/', { 'x-old': 'no' })).status, 200);
  });

  it('has declared attributes and single expressions in a language of their own', async () => {
    const host = await serve(document);
    const { upstreamHeaders } = host.request(get('/', { foo: 'abc', 'x-plan': 'gold' }));
    assert.equal(upstreamHeader(upstreamHeaders, 'x-tier'), 'gold!');
    assert.equal(upstreamHeader(upstreamHeaders, 'x-mixed'), 'ab');
  });
});

describe('a document in CEXL', () => {
  it('has single expressions, rules and instances in CEL', async () => {
    const host = await serve({
      handlers: [
        ...handlers,
        { name: 'names', adapter: 'list', params: { overrides: ['a-b'], blacklist: true } },
      ],
      instances: [
        {
          name: 'joined',
          language: 'CEL',
          template: 'listentry',
          params: { value: "string(request.headers['x-a'] + '-' + request.headers['x-b'])" },
        },
      ],
      rules: [
        {
          name: 'one',
          match: { language: 'CEL', expression: "request.path in ['/x', '/y']" },
          actions,
        },
        {
          name: 'two',
          match: 'request.path == "/names"',
          actions: [{ handler: 'names', instances: ['joined'] }],
        },
      ],
    });
    assert.equal(host.request(get('/x')).status, 403);
    assert.equal(host.request(get('/z')).status, 200);
    assert.equal(host.request(get('/names', { 'x-a': 'a', 'x-b': 'b' })).status, 403);
    assert.equal(host.request(get('/names', { 'x-a': 'a', 'x-b': 'c' })).status, 200);
  });
});

describe('a failing condition in CEL', () => {
  it('follows onError: a missing header denies', async () => {
    const rule = { name: 'r', match: "request.headers['x-role'] == 'admin'", actions };
    const host = await serve({ language: 'CEL', handlers, rules: [rule] });
    assert.equal(host.request(get('/')).status, 500);
    assert.equal(host.request(get('/', { 'x-role': 'user' })).status, 200);
    assert.equal(host.request(get('/', { 'x-role': 'admin' })).status, 403);
  });
});

describe('a wrong expression in CEL', () => {
  it('is refused with its place', async () => {
    const rule = { name: 'r', match: 'request.pathh == "/a"', actions };
    const host = await Host.load({
      wasm: 'dist/mixer.wasm',
      configuration: JSON.stringify({ language: 'CEL', handlers, rules: [rule] }),
    });
    assert.equal(host.start(), false);
    assert.match(logText(host), /E0301.*request\.pathh/s);
    assert.match(logText(host), /request\.path\b/);
  });
});

describe('claims in CEL', () => {
  const payload = {
    realm: { roles: ['admin', 'user'] },
    level: 5,
    verified: true,
    sub: 'alice',
    scores: [1, 2.5],
  };
  const properties = {
    'metadata.filter_metadata.istio_authn': { 'request.auth.raw_claims': JSON.stringify(payload) },
  };

  for (const [condition, isDenied] of [
    ['"admin" in claims["realm"]["roles"]', true],
    ['claims.realm.roles.exists(role, role.startsWith("ad"))', true],
    ['claims.realm.roles[1] == "user"', true],
    ['"root" in claims.realm.roles', false],
    ['claims.realm.roles.size() == 2', true],
    ['claims.level == 5', true],
    ['claims.level > 5.5', false],
    ['claims.level + 1.0 == 6.0', true],
    ['claims.verified', true],
    ['!claims.verified', false],
    ['claims.sub == "alice"', true],
    ['claims.scores.exists(score, score == 2.5)', true],
    ['has(claims.realm.roles)', true],
    ['has(claims.realm.other)', false],
    ['claims.sub == 5 || claims.sub == true', false],
  ] as const) {
    it(`have their own types: ${condition} is ${isDenied}`, async () => {
      const match = condition.replaceAll('claims', 'json(request.auth.raw_claims)');
      const host = await serve({
        language: 'CEL',
        handlers,
        rules: [{ name: 'r', match, actions }],
      });
      const outcome = host.request({ ...get('/'), properties });
      assert.equal(outcome.status, isDenied ? 403 : 200);
    });
  }
});

describe('request.auth.claims in CEL', () => {
  const payload = {
    realm: { roles: ['admin', 'user'], teams: { core: { lead: true } } },
    level: 5,
    verified: true,
    sub: 'alice',
    plan: ['gold'],
    scores: [1, 2.5],
  };
  const sources: Record<string, Record<string, unknown>> = {
    'Istio’s filter': {
      'metadata.filter_metadata.istio_authn': { 'request.auth.claims': payload },
    },
    'Envoy’s JWT filter': {
      'metadata.filter_metadata.envoy.filters.http.jwt_authn': { payload },
    },
  };

  for (const [source, properties] of Object.entries(sources)) {
    for (const [condition, status] of [
      ['"admin" in request.auth.claims["realm"]["roles"]', 403],
      ['"root" in request.auth.claims["realm"]["roles"]', 200],
      ['request.auth.claims.realm.roles.exists(role, role.startsWith("ad"))', 403],
      ['request.auth.claims.realm.roles[1] == "user"', 403],
      ['request.auth.claims.realm.roles.size() == 2', 403],
      ['request.auth.claims.realm.teams.core.lead', 403],
      ['request.auth.claims.level > 4', 403],
      ['request.auth.claims.level > 5.5', 200],
      ['request.auth.claims.verified && request.auth.claims.sub == "alice"', 403],
      ['request.auth.claims.plan == "gold" && "gold" in request.auth.claims.plan', 403],
      ['request.auth.claims.plan.startsWith("go")', 403],
      ['2.5 in request.auth.claims.scores', 403],
      ['has(request.auth.claims) && has(request.auth.claims.realm.roles)', 403],
      ['has(request.auth.claims.realm.other)', 200],
      ['request.auth.claims.realm.other == "x"', 500],
      ['request.auth.claims.level.roles == "x"', 500],
    ] as const) {
      it(`of ${source} nest: ${condition} gives ${status}`, async () => {
        const host = await serve({
          language: 'CEL',
          handlers,
          rules: [{ name: 'r', match: condition, actions }],
        });
        assert.equal(host.request({ ...get('/'), properties }).status, status);
      });
    }
  }

  it('are texts and joined lists in CEXL, in the same document', async () => {
    const match = 'request.auth.claims["plan"] == "gold" && request.auth.claims["realm"] == ""';
    const host = await serve({
      language: 'CEL',
      handlers,
      rules: [
        { name: 'nested', match: '"root" in request.auth.claims.realm.roles', actions },
        { name: 'texts', language: 'CEXL', match, actions },
      ],
    });
    const properties = sources['Envoy’s JWT filter'] ?? {};
    assert.equal(host.request({ ...get('/'), properties }).status, 403);
  });

  it('are absent without a token, which follows onError', async () => {
    const match = '"admin" in request.auth.claims["realm"]["roles"]';
    const host = await serve({
      language: 'CEL',
      handlers,
      rules: [{ name: 'r', match, actions }],
    });
    assert.equal(host.request(get('/')).status, 500);
  });

  it('give one value with the type that the token gives it', async () => {
    const host = await serve({
      language: 'CEL',
      handlers,
      rules: [
        {
          name: 'r',
          requestHeaderOperations: [
            { name: 'x-sub', values: ['request.auth.claims.sub'] },
            { name: 'x-plan', values: ['request.auth.claims.plan'] },
            { name: 'x-level', values: ['string(request.auth.claims.level)'] },
          ],
        },
      ],
    });
    const properties = sources['Envoy’s JWT filter'] ?? {};
    const { upstreamHeaders } = host.request({ ...get('/'), properties });
    assert.equal(upstreamHeader(upstreamHeaders, 'x-sub'), 'alice');
    assert.equal(upstreamHeader(upstreamHeaders, 'x-plan'), 'gold');
    assert.equal(upstreamHeader(upstreamHeaders, 'x-level'), '5');
  });
});
