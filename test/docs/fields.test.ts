import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { readAdapters, type AdapterEntry } from '../../tools/docs/tables/adapters.ts';
import { documentObjects, type DocumentField } from '../../tools/docs/tables/document.ts';
import type { Param, ParamGroup } from '../../tools/docs/tables/params.ts';
import { SharedTables } from '../../tools/docs/tables/rows.ts';
import { describe as ask } from '../../tools/host/describe.ts';

// The filter names the fields that it knows when it meets one that it does not.

const WASM = join(ROOT, 'dist/mixer.wasm');
const STRANGER = 'zzz';
const objects = documentObjects(new SharedTables(ROOT));
const adapters = readAdapters(ROOT);

type Tree = Readonly<Record<string, unknown>>;

/** A document in which `object` stands where an object of this name belongs. */
const PLACES: Readonly<Record<string, (object: Tree) => Tree>> = {
  document: (object) => object,
  debug: (object) => ({ debug: object }),
  attribute: (object) => ({ attributes: { a: object } }),
  handler: (object) => ({ handlers: [object] }),
  instance: (object) => ({ instances: [object] }),
  rule: (object) => ({ rules: [object] }),
  rollout: (object) => ({ rules: [{ name: 'a', rollout: object }] }),
  onError: (object) => ({ rules: [{ name: 'a', onError: object }] }),
  action: (object) => ({ rules: [{ name: 'a', actions: [object] }] }),
  response: (object) => ({ rules: [{ name: 'a', response: object }] }),
  replacement: (object) => ({ rules: [{ name: 'a', replaceResponse: object }] }),
  logLine: (object) => ({ rules: [{ name: 'a', requestLog: object }] }),
  connection: (object) => ({ handlers: [{ name: 'a', adapter: 'opa', connection: object }] }),
  retry: (object) => ({
    handlers: [
      { name: 'a', adapter: 'opa', connection: { address: '127.0.0.1:1', retry: object } },
    ],
  }),
  tls: (object) => ({
    handlers: [{ name: 'a', adapter: 'opa', connection: { address: '127.0.0.1:1', tls: object } }],
  }),
  headerOperation: (object) => ({ rules: [{ name: 'a', requestHeaderOperations: [object] }] }),
};

const IN_PARAMS: Readonly<Record<string, readonly [template: string, field: string]>> = {
  subject: ['authorization', 'subject'],
  authorizedAction: ['authorization', 'action'],
  credential: ['apikey', 'apiKey'],
};

function place(name: string, object: Tree): Tree {
  const inner = IN_PARAMS[name];
  if (inner !== undefined) {
    const [of, field] = inner;
    return { instances: [{ name: 'a', template: of, params: { [field]: object } }] };
  }
  const template = name.startsWith('params.') ? name.slice('params.'.length) : null;
  if (template !== null) return { instances: [{ name: 'a', template, params: object }] };
  const put = PLACES[name];
  assert.ok(put, `say in this test where an object ${name} stands in a document`);
  return put(object);
}

async function diagnosticsOf(
  document: Tree,
): Promise<{ code: string; expected: string; pointer: string; message: string }[]> {
  const { diagnostics } = await ask(WASM, JSON.stringify(document), { pluginName: 'mixer' });
  return [...diagnostics];
}

/** The names that the filter expects where it met the stranger. */
async function expectedNames(document: Tree): Promise<string[]> {
  const found = (await diagnosticsOf(document)).find(
    ({ code, pointer }) => code === 'E0201' && pointer.endsWith(`/${STRANGER}`),
  );
  assert.ok(found, 'the filter takes any field here');
  if (found.expected === 'no fields') return [];
  return found.expected
    .replace(/^one of /, '')
    .replaceAll('`', '')
    .split(', ')
    .sort();
}

function isKnown({ type }: DocumentField): boolean {
  return type.kind !== 'not-yet';
}

describe('assembly/shared/document.ts', () => {
  for (const { name, fields } of objects) {
    const known = fields.filter(isKnown).map((field) => field.name);
    it(`has exactly the fields of ${name} that the filter reads`, async () => {
      const names = await expectedNames(place(name, { [STRANGER]: 1 }));
      assert.deepEqual([...new Set(names)], known.sort());
    });

    for (const field of fields.filter((each) => !isKnown(each))) {
      it(`says that ${name}.${field.name} is refused as not yet supported`, async () => {
        const found = await diagnosticsOf(place(name, { [field.name]: 'x' }));
        const isRefused = ({ code, message }: { code: string; message: string }): boolean =>
          code === 'E0212' && message.includes(field.name);
        assert.ok(found.some(isRefused), JSON.stringify(found));
      });
    }
  }
});

describe('the parameters of adapters', () => {
  for (const adapter of adapters) {
    for (const [path, known, params] of groupsOf(adapter)) {
      it(`of ${adapter.name}${path} are exactly those that the filter reads`, async () => {
        const document = { handlers: [{ name: 'a', adapter: adapter.name, params }] };
        assert.deepEqual([...new Set(await expectedNames(document))], [...known].sort());
      });
    }
  }

  for (const [adapter, name] of [
    ['extauthz', 'failureModeAllow'],
    ['opa', 'failClose'],
  ] as const) {
    it(`have no default where leaving one out means something of its own: ${name} of ${adapter}`, () => {
      const { params } = adapters.find((each) => each.name === adapter)!.params;
      const param = params.find((each) => each.name === name)!;
      assert.match(param.text, /left out, the action's `onError` decides/);
      assert.equal(param.fallback, undefined);
    });
  }
});

/** Every object of parameters: its path, its names, and parameters with a stranger in it. */
function groupsOf(adapter: AdapterEntry): [path: string, known: string[], params: unknown][] {
  return nestedGroups(adapter.params, '', (object) => object);
}

function nestedGroups(
  { params }: ParamGroup,
  path: string,
  wrap: (object: unknown) => unknown,
): [string, string[], unknown][] {
  const own: [string, string[], unknown] = [
    path,
    params.map(({ name }) => name),
    wrap({ [STRANGER]: 1 }),
  ];
  const inner = params.flatMap((param) =>
    param.nested === undefined
      ? []
      : nestedGroups(param.nested, `${path} ${param.name}`, (object) =>
          wrap(around(param, object)),
        ),
  );
  return [own, ...inner];
}

function around({ name, kind }: Param, object: unknown): unknown {
  if (kind === 'objectList') return { [name]: [object] };
  return { [name]: kind === 'objectMap' ? { a: object } : object };
}
