// A server of gRPC that behaves as no server should: HTTP/2 is right, what it carries is not. One address for each way
// to fail.

import { constants, createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

const HUGE_BYTES = 33 * 1024 * 1024;
const TRICKLE_INTERVAL_MS = 50;
const UNAVAILABLE = '14';
const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_ENHANCE_YOUR_CALM } = constants;
const HEAD = { ':status': 200, 'content-type': 'application/grpc' };

/** Allows in ext_authz and for adapters out of process: the message has a status, and it is empty. */
const YES = Buffer.of(0, 0, 0, 0, 2, 0x0a, 0x00);

/** What it does with a call that has come. */
export const GRPC_BEHAVIOURS = {
  'gRPC: hangs': () => undefined,
  'gRPC: trailers only': (stream: ServerHttp2Stream) => {
    stream.respond({ ...HEAD, 'grpc-status': UNAVAILABLE }, { endStream: true });
  },
  'gRPC: trailers only, no status': (stream: ServerHttp2Stream) => {
    stream.respond(HEAD, { endStream: true });
  },
  'gRPC: not gRPC': (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 503, 'content-type': 'text/html' });
    stream.end('<h1>Service Unavailable</h1>');
  },
  'gRPC: RST_STREAM': (stream: ServerHttp2Stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  'gRPC: RST_STREAM, refused': (stream: ServerHttp2Stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  'gRPC: RST_STREAM within the answer': (stream: ServerHttp2Stream) => {
    stream.respond(HEAD);
    stream.write(frame(10).subarray(0, 7), () => stream.close(NGHTTP2_INTERNAL_ERROR));
  },
  'gRPC: GOAWAY': (stream: ServerHttp2Stream) => {
    stream.session?.goaway(NGHTTP2_ENHANCE_YOUR_CALM);
    stream.session?.destroy();
  },
  'gRPC: no message': (stream: ServerHttp2Stream) => end(stream, Buffer.alloc(0)),
  'gRPC: half a message': (stream: ServerHttp2Stream) => end(stream, frame(10).subarray(0, 9)),
  'gRPC: no protobuf': (stream: ServerHttp2Stream) => end(stream, frame(10)),
  'gRPC: yes': (stream: ServerHttp2Stream) => end(stream, YES),
  'gRPC: yes, then an error': (stream: ServerHttp2Stream) => end(stream, YES, '13'),
  'gRPC: yes, then no status': (stream: ServerHttp2Stream) => end(stream, YES, null),
  'gRPC: yes, then a status that is none': (stream: ServerHttp2Stream) => end(stream, YES, 'OK'),
  'gRPC: yes, then RST_STREAM': (stream: ServerHttp2Stream) => {
    stream.respond(HEAD);
    stream.write(YES, () => stream.close(NGHTTP2_INTERNAL_ERROR));
  },
  'gRPC: yes, said to be compressed': (stream: ServerHttp2Stream) => {
    const bytes = Buffer.from(YES);
    bytes.writeUInt8(1, 0);
    end(stream, bytes);
  },
  'gRPC: trailers only, OK': (stream: ServerHttp2Stream) => {
    stream.respond({ ...HEAD, 'grpc-status': '0' }, { endStream: true });
  },
  'gRPC: huge': (stream: ServerHttp2Stream) => end(stream, frame(HUGE_BYTES)),
  'gRPC: trickles': (stream: ServerHttp2Stream) => {
    stream.respond(HEAD);
    const bytes = frame(1_000);
    let at = 0;
    const timer = setInterval(() => stream.write(bytes.subarray(at, ++at)), TRICKLE_INTERVAL_MS);
    stream.on('close', () => {
      clearInterval(timer);
    });
  },
} satisfies Record<string, (stream: ServerHttp2Stream) => void>;

export type GrpcBehaviour = keyof typeof GRPC_BEHAVIOURS;

/** A message of bytes that are no protobuf, behind its size. */
function frame(size: number): Buffer {
  const bytes = Buffer.alloc(size + 5, 0xff);
  bytes.writeUInt8(0, 0);
  bytes.writeUInt32BE(size, 1);
  return bytes;
}

function end(stream: ServerHttp2Stream, bytes: Buffer, status: string | null = '0'): void {
  stream.respond(HEAD, { waitForTrailers: true });
  const trailers = status === null ? { 'x-trailer': 'a' } : { 'grpc-status': status };
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(bytes);
}

/** A running one. */
export interface BadGrpcServer {
  readonly port: number;
  /** Calls that have come, and those of them that the client gave up. */
  readonly counts: { asked: number; cancelled: number };
  stop(): Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function startBadGrpcServer(behaviour: GrpcBehaviour): Promise<BadGrpcServer> {
  const sessions = new Set<Http2Session>();
  const counts = { asked: 0, cancelled: 0 };
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy()).on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    stream.on('aborted', () => counts.cancelled++);
    stream.resume();
    stream.once('end', () => {
      counts.asked++;
      GRPC_BEHAVIOURS[behaviour](stream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    stop: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
