// What is right in a file of cases beyond its schema: names are unique, what only the emulator can do says so with a
// reason, waiting on a real Envoy stays short, metrics can be read, documents' files are there.

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parsePrometheus } from '../envoy/exposition.ts';
import { ENV_IMPORTS, WASI_IMPORTS } from '../host/abi.ts';
import { durationMs } from './durations.ts';
import type { Case, CaseConnection, CaseRequest } from './types.ts';
import { nearest, type CasesProblem } from './validate.ts';

/** How long a case may wait on a real Envoy, all in all. */
export const WAIT_MAX_MS = 5_000;
const HOST_CALLS = [...Object.keys(ENV_IMPORTS), ...Object.keys(WASI_IMPORTS)];

/** Every rule that the cases break; they have passed the schema. */
export function ruleProblems(cases: readonly Case[], path: string): CasesProblem[] {
  const seen = new Set<string>();
  return cases.flatMap((each, index) => {
    const at = `/cases/${index}`;
    const isTwice = seen.has(each.name);
    seen.add(each.name);
    return [
      ...(isTwice ? [problem(`${at}/name`, `a second case is called \`${each.name}\``)] : []),
      ...hostProblems(each, at),
      ...faultProblems(each, at),
      ...metricProblems(each, at),
      ...documentProblems(each, at, path),
      ...kindProblems(each, at),
      ...attributeProblems(each, at),
      ...(each.requests ?? []).flatMap((request, number) =>
        requestProblems(request, `${at}/requests/${number}`),
      ),
    ];
  });
}

function problem(pointer: string, message: string, expected = ''): CasesProblem {
  return { pointer, isKey: false, message, expected, suggestion: '' };
}

/** An HTTP listener takes requests, a TCP listener connections. */
function kindProblems({ requests, connections, bench }: Case, at: string): CasesProblem[] {
  if (connections === undefined) return [];
  if (bench === true)
    return [problem(`${at}/bench`, 'connections cannot be measured', 'a case with requests')];
  if (requests === undefined) return [];
  return [problem(`${at}/connections`, 'a case has requests or connections', 'two cases')];
}

/** The runner adds a report to the document, and tells requests apart by their order. */
function attributeProblems({ document, requests = [] }: Case, at: string): CasesProblem[] {
  return requests.flatMap(({ expect, concurrent = 1, reload }, index) => {
    if (expect?.attributes === undefined) return [];
    const pointer = `${at}/requests/${index}/expect/attributes`;
    if (typeof document === 'string')
      return [
        problem(pointer, 'the document stands in a file of its own', 'it in the case itself'),
      ];
    if (concurrent > 1)
      return [problem(pointer, 'several requests are under way at once', '`concurrent: 1`')];
    if (reload !== undefined)
      return [problem(pointer, 'another document comes', 'a request without `reload`')];
    return [];
  });
}

function hostProblems(each: Case, at: string): CasesProblem[] {
  const { hosts, reason } = each;
  const isEmulatorOnly = hosts?.every((name) => name === 'emulator') ?? false;
  if (hosts !== undefined && reason === undefined && hosts.length < 3)
    return [problem(`${at}/hosts`, 'a case that runs on some hosts only says why', '`reason`')];
  if (isEmulatorOnly) return [];
  const { pointer, why } = emulatorOnly(each, at) ?? {};
  if (pointer === undefined) return [];
  return [problem(pointer, `${why}, only on the emulator`, '`hosts: [emulator]` and a `reason`')];
}

/** The first thing in a case that a real Envoy cannot be made to do. */
function emulatorOnly(each: Case, at: string): { pointer: string; why: string } | null {
  if (each.faults !== undefined)
    return { pointer: `${at}/faults`, why: 'host calls can be made to fail' };
  const kind = each.connections === undefined ? 'requests' : 'connections';
  const all: readonly (CaseRequest | CaseConnection)[] = each.connections ?? each.requests ?? [];
  const given = all.findIndex(({ properties }) => properties !== undefined);
  if (given >= 0)
    return {
      pointer: `${at}/${kind}/${given}/properties`,
      why: 'attributes can be set by hand',
    };
  let waitMs = 0;
  for (const [index, { after, times = 1, upstream }] of all.entries()) {
    const answerMs = upstream !== undefined && 'after' in upstream ? durationMs(upstream.after) : 0;
    waitMs += durationMs(after) + times * answerMs;
    if (waitMs > WAIT_MAX_MS)
      return {
        pointer: `${at}/${kind}/${index}/after`,
        why: `a case can wait for more than ${WAIT_MAX_MS} ms`,
      };
  }
  return null;
}

function faultProblems({ faults = [] }: Case, at: string): CasesProblem[] {
  return faults.flatMap(({ call }, index) => {
    if (HOST_CALLS.includes(call)) return [];
    const found = problem(`${at}/faults/${index}/call`, `there is no host call \`${call}\``);
    return [{ ...found, suggestion: nearest(call, HOST_CALLS) }];
  });
}

function metricProblems({ expect }: Case, at: string): CasesProblem[] {
  return Object.keys(expect?.metrics ?? {}).flatMap((key, index) => {
    const isReadable = /^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\]|\\.)*",?)*\})?$/.test(key);
    if (isReadable && parsePrometheus(`${key} 1`).length === 1) return [];
    const pointer = `${at}/expect/metrics/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = problem(pointer, `metric ${index + 1} cannot be read`, 'name{label="value"}');
    return [{ ...found, isKey: true }];
  });
}

function documentProblems(each: Case, at: string, path: string): CasesProblem[] {
  const places = [
    { document: each.document, pointer: `${at}/document` },
    ...(each.requests ?? []).flatMap(({ reload }, index) =>
      reload === undefined
        ? []
        : [
            {
              document: reload.document,
              pointer: `${at}/requests/${index}/reload/document`,
            },
          ],
    ),
  ];
  return places.flatMap(({ document, pointer }) =>
    typeof document !== 'string' || existsSync(resolve(dirname(path), document))
      ? []
      : [problem(pointer, `no file ${document}`, 'a path as seen from this file')],
  );
}

function requestProblems(request: CaseRequest, at: string): CasesProblem[] {
  const problems: CasesProblem[] = [];
  if (request.trailers !== undefined && (request.protocol ?? 'http1') === 'http1')
    problems.push(
      problem(
        `${at}/trailers`,
        'Envoy takes no trailers from HTTP/1 clients',
        'protocol http2 or grpc',
      ),
    );
  const { times = 1, concurrent = 1 } = request;
  if (concurrent > times)
    problems.push(
      problem(`${at}/concurrent`, `${concurrent} at once of ${times}`, '`times` at least as large'),
    );
  return problems;
}
