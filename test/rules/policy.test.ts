import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denier, get, logText, serve, upstreamHeader } from './serve.ts';

describe('a document without rules', () => {
  for (const text of ['', '{}']) {
    it(`lets everything pass: ${JSON.stringify(text)}`, async () => {
      const host = await serve(text);
      assert.equal(host.request(get('/')).status, 200);
    });
  }
});

describe('a rule with a check', () => {
  const document = {
    handlers: [denier('no', 7, 'go away')],
    rules: [
      {
        name: 'closed',
        match: 'request.url_path.startsWith("/admin")',
        unless: 'request.method == "GET" && request.url_path == "/admin/health"',
        actions: [{ handler: 'no' }],
      },
    ],
  };

  it('denies where it matches, with code, handler and message', async () => {
    const host = await serve(document);
    const outcome = host.request(get('/admin/users'));
    assert.equal(outcome.status, 403);
    assert.equal(outcome.body, 'PERMISSION_DENIED:no:go away');
    assert.equal(outcome.details, 'mixer_access_denied{closed}');
    assert.equal(Buffer.from(outcome.filterState.get('wasm.mixer_rule')!).toString(), 'closed');
    assert.equal(Buffer.from(outcome.filterState.get('wasm.mixer_verdict')!).toString(), 'denied');
  });

  it('lets pass where it does not match, and where `unless` makes an exception', async () => {
    const host = await serve(document);
    assert.equal(host.request(get('/public')).status, 200);
    assert.equal(host.request(get('/admin/health?x=1')).status, 200);
    assert.equal(host.request({ ...get('/admin/health'), method: 'POST' }).status, 403);
  });

  it('counts checks and denials, visible after a tick', async () => {
    const host = await serve(document);
    host.request(get('/admin/a'));
    host.request(get('/public'));
    host.advance(1000);
    assert.equal(host.metrics().get('mixer_checks_total'), 2);
    assert.equal(host.metrics().get('mixer_rule_denied_total.rule=closed;'), 1);
  });
});

describe('the HTTP status of a denial', () => {
  const table: [number, number][] = [
    [1, 499],
    [2, 500],
    [3, 400],
    [4, 504],
    [5, 404],
    [6, 409],
    [7, 403],
    [8, 429],
    [9, 400],
    [10, 409],
    [11, 400],
    [12, 501],
    [13, 500],
    [14, 503],
    [15, 500],
    [16, 401],
    [99, 500],
    [-1, 500],
  ];
  for (const [code, status] of table) {
    it(`is ${status} for code ${code}`, async () => {
      const host = await serve({
        rules: [{ name: 'r', actions: [{ handler: denier('no', code) }] }],
      });
      assert.equal(host.request(get('/')).status, status);
    });
  }

  it('names an unknown code by its number', async () => {
    const host = await serve({
      handlers: [denier('no', 99)],
      rules: [{ name: 'r', actions: [{ handler: 'no' }] }],
    });
    assert.equal(host.request(get('/')).body, 'UNKNOWN(99):no');
  });
});

describe('a match that cannot be evaluated', () => {
  const rule = {
    name: 'r',
    match: 'request.referer == "x"',
    actions: [{ handler: denier('no', 7) }],
  };

  it('denies with 500 unless the document says otherwise', async () => {
    const host = await serve({ rules: [rule] });
    assert.equal(host.request(get('/')).status, 500);
    host.advance(1000);
    assert.equal(host.metrics().get('mixer_rule_errors_total.rule=r;'), 1);
  });

  it('lets pass with onError ALLOW', async () => {
    const host = await serve({ rules: [{ ...rule, onError: { match: 'ALLOW' } }] });
    assert.equal(host.request(get('/')).status, 200);
  });

  it('is false where the attribute is present and differs', async () => {
    const host = await serve({ rules: [rule] });
    assert.equal(host.request(get('/', { referer: 'y' })).status, 200);
  });
});

describe('SHADOW', () => {
  it('never denies, counts, and says so in filter state', async () => {
    const host = await serve({
      rules: [{ name: 'trial', mode: 'SHADOW', actions: [{ handler: denier('no', 7) }] }],
    });
    const outcome = host.request(get('/'));
    assert.equal(outcome.status, 200);
    assert.equal(
      Buffer.from(outcome.filterState.get('wasm.mixer_verdict')!).toString(),
      'shadow_denied',
    );
    host.advance(1000);
    assert.equal(host.metrics().get('mixer_rule_shadow_denied_total.rule=trial;'), 1);
    assert.match(logText(host), /rule trial: would have denied \(SHADOW\): PERMISSION_DENIED:/);
  });
});

describe('header operations', () => {
  it('replace, append and remove; a REPLACE without a value removes what the client sent', async () => {
    const host = await serve({
      stripRequestHeaders: ['x-user'],
      rules: [
        {
          name: 'headers',
          requestHeaderOperations: [
            { name: 'X-Method', operation: 'REPLACE', values: ['request.method'] },
            { name: 'x-forged', values: ['request.referer | ""'] },
            { name: 'x-gone', operation: 'REMOVE' },
            { name: 'x-kept', values: ['request.referer | ""'], ifAbsent: 'KEEP' },
          ],
          responseHeaderOperations: [{ name: 'x-path', values: ['request.path'] }],
        },
      ],
    });
    const outcome = host.request(
      get('/a?b', {
        'x-user': 'mallory',
        'x-forged': 'evil',
        'x-gone': '1',
        'x-kept': 'mine',
        'x-method': 'evil',
      }),
    );
    const sent = (name: string): string | undefined =>
      upstreamHeader(outcome.upstreamHeaders, name);
    assert.equal(sent('x-user'), undefined);
    assert.equal(sent('x-method'), 'GET');
    assert.equal(sent('x-forged'), undefined);
    assert.equal(sent('x-gone'), undefined);
    assert.equal(sent('x-kept'), 'mine');
    assert.equal(outcome.headers.find(([name]) => name === 'x-path')?.[1], '/a?b');
  });
});

describe('a denial with an answer of its own', () => {
  it('escapes what the client sent in JSON', async () => {
    const host = await serve({
      rules: [
        {
          name: 'r',
          actions: [{ handler: denier('no', 7) }],
          response: {
            status: 418,
            headers: { 'x-why': 'rule ${check.error_code}' },
            json: { path: 'request.path', nested: [{ code: 'check.error_code' }] },
          },
        },
      ],
    });
    const outcome = host.request(get('/"\\'));
    assert.equal(outcome.status, 418);
    assert.deepEqual(JSON.parse(outcome.body), { path: '/"\\', nested: [{ code: 7 }] });
    const header = (name: string): string | undefined =>
      outcome.headers.find(([key]) => key === name)?.[1];
    assert.equal(header('content-type'), 'application/json');
    assert.equal(header('x-why'), 'rule 7');
  });
});

describe('hostile requests', () => {
  const document = {
    rules: [
      {
        name: 'r',
        match: 'request.headers["X-Role"] == "a,b"',
        actions: [{ handler: denier('no', 7) }],
      },
    ],
  };

  it('a repeated header reads as its values joined, its name in any case', async () => {
    const host = await serve(document);
    const outcome = host.request({
      method: 'GET',
      path: '/',
      headers: [
        ['x-role', 'a'],
        ['X-ROLE', 'b'],
      ],
    });
    assert.equal(outcome.status, 403);
  });

  it('bytes that are no UTF-8 are values', async () => {
    const host = await serve(document);
    const bytes = Uint8Array.from([0xff, 0xfe, 0x80]);
    assert.equal(
      host.request({ method: 'GET', path: '/', headers: [['x-role', bytes]] }).status,
      200,
    );
  });
});

describe('many rules', () => {
  it('finds the one that matches, and the ones without a guard', async () => {
    const rules = Array.from({ length: 300 }, (_, index) => ({
      name: `r${index}`,
      match: `request.headers["x-tenant"] == "t${index}"`,
      actions: [{ handler: denier('no', 7) }],
    }));
    const host = await serve({ rules });
    for (const index of [0, 63, 64, 299]) {
      const outcome = host.request(get('/', { 'x-tenant': `t${index}` }));
      assert.equal(outcome.details, `mixer_access_denied{r${index}}`);
    }
    assert.equal(host.request(get('/', { 'x-tenant': 't300' })).status, 200);
    assert.equal(host.request(get('/')).status, 200);
  });
});

describe('a new document', () => {
  it('serves new requests while old ones end with the old one, and is refused whole when wrong', async () => {
    const host = await serve({});
    assert.equal(host.reconfigure('{"rules":[{"name":"r","match":"no.such == 1"}]}'), false);
    assert.match(logText(host), /no\.such/);
    assert.equal(host.request(get('/')).status, 200);
    const rule = { name: 'r', actions: [{ handler: denier('no', 7) }] };
    assert.equal(host.reconfigure(JSON.stringify({ rules: [rule] })), true);
    assert.equal(host.request(get('/')).status, 403);
  });
});
