// Sends scripted requests one after the other and pairs each with Envoy's own access log line,
// which says what the filter decided and why. One at a time, so that the order of the lines is the
// order of the requests.

import { GRPC_HEADERS } from '../../cases/script.ts';
import { request, type Answer } from '../../envoy/request.ts';
import type { AccessLogLine, RunningEnvoy } from '../../envoy/running.ts';
import type { ScriptedRequest } from './script.ts';

/** What happened to one scripted request, or to several equal ones in a row. */
export interface Outcome {
  readonly scripted: ScriptedRequest;
  readonly count: number;
  readonly status: string;
  readonly verdict: string;
  readonly rule: string;
  readonly why: string;
  /** Headers that the upstream got and that the script wants to show; null where it got nothing. */
  readonly upstream: Readonly<Record<string, string>> | null;
  readonly body: string;
}

const GRPC_EMPTY_MESSAGE = Buffer.alloc(5);
const LOG_LINE_TIMEOUT_MS = 3_000;
const UPSTREAM_DETAILS = 'via_upstream';

/** Sends all and yields an outcome as soon as it is known to differ from the next. */
export async function* send(
  envoy: RunningEnvoy,
  script: readonly ScriptedRequest[],
): AsyncGenerator<Outcome> {
  for (const scripted of script) {
    let last: Outcome | null = null;
    for (let index = 0; index < scripted.repeat; index++) {
      const outcome = await sendOne(envoy, scripted);
      if (last !== null && !isSame(last, outcome)) yield last;
      last = { ...outcome, count: last !== null && isSame(last, outcome) ? last.count + 1 : 1 };
    }
    if (last !== null) yield last;
  }
}

async function sendOne(envoy: RunningEnvoy, scripted: ScriptedRequest): Promise<Outcome> {
  const lineCount = envoy.accessLog().length;
  const seenCount = envoy.upstream?.requests.length ?? 0;
  const answer = await request(envoy.url, {
    method: scripted.method,
    path: scripted.path,
    http2: scripted.grpc,
    headers: scripted.grpc ? [...GRPC_HEADERS, ...scripted.headers] : scripted.headers,
    ...(scripted.grpc
      ? { body: GRPC_EMPTY_MESSAGE }
      : scripted.body === ''
        ? {}
        : { body: scripted.body }),
  });
  const line = await envoy.waitFor(() => envoy.accessLog()[lineCount], LOG_LINE_TIMEOUT_MS);
  const echo = envoy.upstream?.requests[seenCount];
  const upstream =
    echo === undefined
      ? null
      : Object.fromEntries(
          scripted.upstream.map((name) => [
            name,
            String(echo.headers[name.toLowerCase()] ?? '(absent)'),
          ]),
        );
  return { scripted, count: 1, ...decision(answer, line), upstream, body: answer.body };
}

function decision(
  answer: Answer,
  line: AccessLogLine,
): Pick<Outcome, 'status' | 'verdict' | 'rule' | 'why'> {
  const grpcStatus = answer.trailers['grpc-status'] ?? answer.headers['grpc-status'];
  const details = line.details === null || line.details === UPSTREAM_DETAILS ? '' : line.details;
  return {
    status:
      grpcStatus === undefined ? String(answer.status) : `${answer.status}, grpc ${grpcStatus}`,
    verdict: line.verdict ?? '',
    rule: line.rule ?? '',
    why: line.reason ?? details,
  };
}

function isSame(left: Outcome, right: Outcome): boolean {
  return (
    left.status === right.status &&
    left.verdict === right.verdict &&
    left.rule === right.rule &&
    left.why === right.why
  );
}
