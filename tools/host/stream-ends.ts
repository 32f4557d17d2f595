// Joins the two directions of a stream to what stands at their ends: on the near side the filter's callbacks, on the
// far side the router (request) or the client (response), with the checks that Envoy makes there.

import { toText } from './bytes.ts';
import { ResponseFlag } from './exchange.ts';
import type { HeaderMap } from './headers.ts';
import { BodyVerdict } from './lane.ts';
import type { LaneEnds } from './lane.ts';
import { reply } from './replies.ts';
import type { LocalReply } from './replies.ts';
import type { FilterChain } from './filter-chain.ts';

const MISSING_STATUS = reply(
  502,
  'filter_removed_required_response_headers{missing_required_header:_:status}',
  'missing required header: :status',
);
const FORBIDDEN_IN_VALUE = /[\r\n\0]/;

/** An empty map for streams whose headers are not readable; lanes ask only for those that have some. */
function present(map: HeaderMap | null): HeaderMap {
  if (map === null) throw new TypeError('no headers on this side yet');
  return map;
}

export function requestEnds(stream: FilterChain): LaneEnds {
  const { exchange } = stream;
  return {
    onHeaders: (end) =>
      stream.filter?.onRequestHeaders(present(exchange.requestHeaders), end) ?? 'continue',
    onBody: (body, end) => stream.filter?.onRequestBody(body, end) ?? BodyVerdict.CONTINUE,
    onTrailers: (map) => stream.filter?.onRequestTrailers(map) ?? 'continue',
    takeNewTrailers: () => exchange.requestTrailers,
    passHeaders(end) {
      const refusal = refusedByRouter(present(exchange.requestHeaders));
      if (refusal !== null) {
        exchange.flags |= refusal.flag;
        stream.sendLocalReply(refusal.reply);
        return;
      }
      exchange.upstreamHeaders = present(exchange.requestHeaders).copy();
      exchange.upstreamChosen = true;
      if (end) stream.onRequestPassed();
    },
    passBody(bytes, end) {
      exchange.upstreamBody.push(bytes);
      if (end) stream.onRequestPassed();
    },
    passTrailers: () => stream.onRequestPassed(),
    onOverflow: () =>
      stream.sendLocalReply(reply(413, 'request_payload_too_large', 'Payload Too Large')),
  };
}

export function responseEnds(stream: FilterChain): LaneEnds {
  const { exchange, client } = stream;
  return {
    onHeaders: (end) =>
      stream.filter?.onResponseHeaders(present(exchange.responseHeaders), end) ?? 'continue',
    onBody: (body, end) => stream.filter?.onResponseBody(body, end) ?? BodyVerdict.CONTINUE,
    onTrailers: (map) => stream.filter?.onResponseTrailers(map) ?? 'continue',
    takeNewTrailers: () => exchange.responseTrailers,
    passHeaders(end) {
      const map = present(exchange.responseHeaders);
      const status = map.get(':status');
      if (status === undefined) {
        stream.replyDirectly(MISSING_STATUS);
        return;
      }
      exchange.code = Number(status);
      client.headers(map);
      if (end) stream.end();
    },
    passBody(bytes, end) {
      exchange.responseBytes += bytes.length;
      client.body(bytes);
      if (end) stream.end();
    },
    passTrailers(map) {
      client.trailers(map);
      stream.end();
    },
    onOverflow: () => stream.sendLocalReply(reply(500, 'response_payload_too_large')),
  };
}

/** What the router answers instead of sending the request on. */
function refusedByRouter(map: HeaderMap): { reply: LocalReply; flag: number } | null {
  if (map.get(':path') === undefined && map.get(':method') !== 'CONNECT') {
    return { reply: reply(404, 'route_not_found'), flag: ResponseFlag.NO_ROUTE };
  }
  const why = whyUnfit(map);
  if (why === null) return null;
  const details = `filter_removed_required_request_headers{${why.replaceAll(' ', '_')}}`;
  return { reply: reply(503, details, why), flag: ResponseFlag.CODEC_ERROR };
}

function whyUnfit(map: HeaderMap): string | null {
  if (map.get(':method') === undefined) return 'missing required header: :method';
  const bad = map.entries.find(([, value]) => FORBIDDEN_IN_VALUE.test(value));
  return bad === undefined ? null : `invalid header value for: ${toText(bad[0])}`;
}
