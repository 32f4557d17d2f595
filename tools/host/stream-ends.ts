// Joins the two directions of a stream to what stands at their ends: on the near side the filter's callbacks, on the far
// side the router (request) or the client (response), with the checks that Envoy makes there.

import { toText } from './bytes.ts';
import type { HeaderMap } from './headers.ts';
import { BodyVerdict } from './lane.ts';
import type { LaneEnds } from './lane.ts';
import { reply } from './replies.ts';
import type { LocalReply } from './replies.ts';
import type { Stream } from './stream.ts';

const FORBIDDEN_IN_VALUE = /[\r\n\0]/;

/** An empty map for streams whose headers are not readable; lanes ask only for those that have some. */
function present(map: HeaderMap | null): HeaderMap {
  if (map === null) throw new TypeError('no headers on this side yet');
  return map;
}

export function requestEnds(stream: Stream): LaneEnds {
  const { exchange } = stream;
  return {
    onHeaders: (end) => stream.filter?.onRequestHeaders(present(exchange.requestHeaders), end) ?? 'continue',
    onBody: (body, end) => stream.filter?.onRequestBody(body, end) ?? BodyVerdict.CONTINUE,
    onTrailers: (map) => stream.filter?.onRequestTrailers(map) ?? 'continue',
    takeNewTrailers: () => exchange.requestTrailers,
    passHeaders(end) {
      const refusal = refusedByRouter(present(exchange.requestHeaders));
      if (refusal !== null) {
        stream.sendLocalReply(refusal);
        return;
      }
      exchange.upstreamHeaders = present(exchange.requestHeaders).copy();
      exchange.upstreamChosen = true;
      stream.requestPassed(end);
    },
    passBody(bytes, end) {
      exchange.upstreamBody.push(bytes);
      stream.requestPassed(end);
    },
    passTrailers: () => stream.requestPassed(true),
    onOverflow: () => stream.sendLocalReply(reply(413, 'request_payload_too_large', 'Payload Too Large')),
  };
}

export function responseEnds(stream: Stream): LaneEnds {
  const { exchange, client } = stream;
  return {
    onHeaders: (end) => stream.filter?.onResponseHeaders(present(exchange.responseHeaders), end) ?? 'continue',
    onBody: (body, end) => stream.filter?.onResponseBody(body, end) ?? BodyVerdict.CONTINUE,
    onTrailers: (map) => stream.filter?.onResponseTrailers(map) ?? 'continue',
    takeNewTrailers: () => exchange.responseTrailers,
    passHeaders(end) {
      const map = present(exchange.responseHeaders);
      const status = map.get(':status');
      if (status === undefined) {
        stream.replyDirectly(reply(502, 'filter_removed_required_response_headers'));
        return;
      }
      exchange.code = Number(status);
      client.headers(map);
      if (end) stream.responseEnded();
    },
    passBody(bytes, end) {
      exchange.responseBytes += bytes.length;
      client.body(bytes);
      if (end) stream.responseEnded();
    },
    passTrailers(map) {
      client.trailers(map);
      stream.responseEnded();
    },
    onOverflow: () => stream.sendLocalReply(reply(500, 'response_payload_too_large')),
  };
}

/** What the router answers instead of sending the request on. */
function refusedByRouter(map: HeaderMap): LocalReply | null {
  if (map.get(':path') === undefined && map.get(':method') !== 'CONNECT') return reply(404, 'route_not_found');
  const bad = map.entries.find(([, value]) => FORBIDDEN_IN_VALUE.test(value));
  if (bad === undefined) return null;
  return reply(503, `filter_removed_required_request_headers{invalid_header_value_for:_${toText(bad[0])}}`);
}

