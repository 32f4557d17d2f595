// Requests whose bytes a test writes by hand, as no client library would: HTTP/1 as text, HTTP/2 as frames with header
// fields in any order, twice, or with bytes that no field may have. The connection ends with the exchange.

import { connect, type Socket } from 'node:net';

const ANSWER_TIMEOUT_MS = 5_000;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME_HEAD_SIZE_BYTES = 9;
const LENGTH_PREFIX_MAX = 127;
const STREAM = 1;

export const FrameType = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7 } as const;
export const FrameFlag = { endStream: 1, endHeaders: 4 } as const;
export type Field = readonly [name: string, value: string];

/** Sends bytes and closes once the other side has, or has said what `isEnough` waits for. */
function exchange(url: string, bytes: Buffer, isEnough: (got: Buffer) => boolean): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const parts: Buffer[] = [];
    const socket: Socket = connect(Number(port), hostname, () => socket.write(bytes));
    const finish = (): void => {
      done(Buffer.concat(parts));
      socket.destroy();
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      failed(new Error(`no end in time; got ${Buffer.concat(parts).toString('latin1')}`));
      socket.destroy();
    });
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      if (isEnough(Buffer.concat(parts))) finish();
    });
    // A reset is an end like others: what came before it counts.
    socket.on('error', finish).on('close', finish);
  });
}

/** The status codes of the answers to HTTP/1 bytes; the last request must ask to close. */
export async function statusesOf(url: string, text: string): Promise<number[]> {
  const got = await exchange(url, Buffer.from(text, 'latin1'), () => false);
  const lines = got.toString('latin1').matchAll(/^HTTP\/1\.[01] (\d{3}) /gm);
  return Array.from(lines, ([, code]) => Number(code)).filter((code) => code >= 200);
}

/** One frame. */
export function frame(type: number, flags: number, payload: Buffer, stream = STREAM): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_SIZE_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Header fields as HPACK's literals without indexing and without Huffman codes. */
export function block(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]),
  );
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length >= LENGTH_PREFIX_MAX) throw new Error('too long for this small encoder');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/**
 * The status of the answer to one HTTP/2 request, `null` where the stream or the connection ended without one: by
 * then Envoy has refused it. `more` are frames behind the header fields.
 */
export async function statusOfHttp2(
  url: string,
  fields: readonly Field[],
  more: readonly Buffer[] = [],
): Promise<number | null> {
  const flags = FrameFlag.endHeaders | (more.length === 0 ? FrameFlag.endStream : 0);
  const bytes = [
    PREFACE,
    frame(FrameType.settings, 0, Buffer.alloc(0), 0),
    frame(FrameType.headers, flags, block(fields)),
    ...more,
  ];
  const isEnough = (got: Buffer): boolean =>
    framesOf(got).some(({ type }) => ENDS.includes(type as (typeof ENDS)[number]));
  const frames = framesOf(await exchange(url, Buffer.concat(bytes), isEnough));
  const headers = frames.find(({ type }) => type === FrameType.headers);
  return headers === undefined ? null : statusIn(headers.payload);
}

const ENDS = [FrameType.headers, FrameType.reset, FrameType.goaway] as const;

function framesOf(bytes: Buffer): { type: number; payload: Buffer }[] {
  const frames: { type: number; payload: Buffer }[] = [];
  let at = 0;
  while (at + FRAME_HEAD_SIZE_BYTES <= bytes.length) {
    const end = at + FRAME_HEAD_SIZE_BYTES + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + FRAME_HEAD_SIZE_BYTES, end);
    frames.push({ type: bytes[at + 3] ?? -1, payload });
    at = end;
  }
  return frames;
}

/** `:status` is the first field: an entry of HPACK's static table, or its eighth name with a text. */
function statusIn(payload: Buffer): number {
  const [first = 0] = payload;
  const indexed = [200, 204, 206, 304, 400, 404, 500][first - 0x88];
  if (indexed !== undefined) return indexed;
  const isHuffman = ((payload[1] ?? 0) & 0x80) !== 0;
  return isHuffman ? NaN : Number(payload.subarray(2, 5).toString('latin1'));
}
