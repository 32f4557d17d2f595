// One direction of a stream: headers, body, trailers on their way through the one filter of this host. It holds what
// the filter stopped and lets it go on `resume`, in the order and with the buffers of Envoy's filter manager.

import { BodyBuffer } from './bodies.ts';
import type { HeaderMap } from './headers.ts';

/** `single`: further callbacks still come. `all`: nothing more until the stream is continued. */
export type HeadersVerdict = 'continue' | 'single' | 'all' | 'allBuffer';
export const BodyVerdict = { CONTINUE: 0, BUFFER: 1, WATERMARK: 2, NO_BUFFER: 3 } as const;

/** The filter's callbacks, and where what passed goes. */
export interface LaneEnds {
  onHeaders(endOfStream: boolean): HeadersVerdict;
  onBody(body: BodyBuffer, endOfStream: boolean): number;
  onTrailers(trailers: HeaderMap): 'continue' | 'stop';
  /** Trailers that the last body callback made. */
  takeNewTrailers(): HeaderMap | null;
  passHeaders(endOfStream: boolean): void;
  passBody(bytes: Uint8Array, endOfStream: boolean): void;
  passTrailers(trailers: HeaderMap): void;
  onOverflow(): void;
}

export class Lane {
  readonly #ends: LaneEnds;
  readonly #bufferMaxBytes: number;
  readonly #buffer = new BodyBuffer(new Uint8Array(0));
  #held: 'no' | 'single' | 'all' = 'no';
  #limited = false;
  #buffering = false;
  #headersPassed = false;
  #ended = false;
  #endPassed = false;
  #trailers: HeaderMap | null = null;
  #aborted = false;

  constructor(ends: LaneEnds, bufferMaxBytes: number) {
    this.#ends = ends;
    this.#bufferMaxBytes = bufferMaxBytes;
  }

  /** A local reply or a reset: nothing of this direction goes on. */
  abort(): void {
    this.#aborted = true;
  }

  get held(): boolean {
    return this.#held !== 'no';
  }

  get endPassed(): boolean {
    return this.#endPassed;
  }

  get headersPassed(): boolean {
    return this.#headersPassed;
  }

  headers(endOfStream: boolean): void {
    this.#ended = endOfStream;
    const verdict = this.#ends.onHeaders(endOfStream);
    if (this.#isAborted()) return;
    if (verdict === 'continue') {
      if (!this.#headersPassed) this.#passHeaders(endOfStream);
      return;
    }
    this.#held = verdict === 'single' ? 'single' : 'all';
    this.#limited = verdict === 'allBuffer';
  }

  body(bytes: Uint8Array, endOfStream: boolean): void {
    if (this.#isAborted()) return;
    this.#ended ||= endOfStream;
    if (this.#held === 'all') this.#keep(bytes, this.#limited);
    else this.#bodyCallback(bytes, endOfStream);
  }

  trailers(trailers: HeaderMap): void {
    if (this.#isAborted()) return;
    this.#ended = true;
    this.#trailers = trailers;
    if (this.#held !== 'all') this.#trailersCallback(trailers);
  }

  /** `continue_stream`: what was held goes on; a filter that stopped everything now sees what came meanwhile. */
  resume(): void {
    if (this.#isAborted() || (this.#held === 'no' && this.#headersPassed)) return;
    const sawNothing = this.#held === 'all';
    this.#held = 'no';
    const hasMore = this.#buffer.size > 0 || this.#trailers !== null;
    if (!this.#headersPassed) this.#passHeaders(this.#ended && !hasMore);
    if (sawNothing) this.#replay();
    else this.#flush();
  }

  #replay(): void {
    const trailers = this.#trailers;
    if (this.#buffer.size > 0)
      this.#bodyCallback(this.#buffer.drain(), this.#ended && trailers === null);
    if (trailers !== null && !this.#isAborted()) this.#trailersCallback(trailers);
  }

  /** Everything that the filter has seen already. */
  #flush(): void {
    const trailers = this.#trailers;
    const ends = this.#ended && trailers === null;
    if (this.#buffer.size > 0 || (ends && !this.#endPassed)) this.#passBody(ends);
    if (trailers !== null && !this.#isAborted()) this.#passTrailers(trailers);
  }

  #bodyCallback(bytes: Uint8Array, endOfStream: boolean): void {
    if (this.#buffering) this.#buffer.append(bytes);
    const shown = this.#buffering ? this.#buffer : new BodyBuffer(bytes);
    const verdict = this.#ends.onBody(shown, endOfStream);
    if (this.#isAborted()) return;
    this.#trailers ??= this.#ends.takeNewTrailers();
    this.#buffering = verdict === BodyVerdict.BUFFER;
    if (shown !== this.#buffer && verdict !== BodyVerdict.NO_BUFFER)
      this.#keep(shown.bytes, this.#buffering);
    else if (this.#buffering) this.#keep(new Uint8Array(0), true);
    if (this.#isAborted()) return;
    if (verdict !== BodyVerdict.CONTINUE) {
      this.#held = 'single';
      return;
    }
    this.#held = 'no';
    this.#passAllBody(endOfStream);
  }

  #passAllBody(endOfStream: boolean): void {
    const made = endOfStream ? this.#trailers : null;
    if (!this.#headersPassed)
      this.#passHeaders(endOfStream && this.#buffer.size === 0 && made === null);
    if (this.#isAborted()) return;
    if (this.#buffer.size > 0 || (endOfStream && !this.#endPassed))
      this.#passBody(endOfStream && made === null);
    if (made !== null && !this.#isAborted()) this.#passTrailers(made);
  }

  #trailersCallback(trailers: HeaderMap): void {
    const verdict = this.#ends.onTrailers(trailers);
    if (this.#isAborted()) return;
    if (verdict === 'stop') {
      this.#held = 'single';
      return;
    }
    this.#held = 'no';
    if (!this.#headersPassed) this.#passHeaders(false);
    if (!this.#isAborted()) this.#flush();
  }

  /** A method, because callbacks change the answer behind the compiler's back. */
  #isAborted(): boolean {
    return this.#aborted;
  }

  #keep(bytes: Uint8Array, limited: boolean): void {
    this.#buffer.append(bytes);
    if (limited && this.#buffer.size > this.#bufferMaxBytes) this.#ends.onOverflow();
  }

  #passHeaders(endOfStream: boolean): void {
    this.#headersPassed = true;
    this.#endPassed = endOfStream;
    this.#ends.passHeaders(endOfStream);
  }

  #passBody(endOfStream: boolean): void {
    this.#endPassed ||= endOfStream;
    this.#ends.passBody(this.#buffer.drain(), endOfStream);
  }

  #passTrailers(trailers: HeaderMap): void {
    if (this.#endPassed) return;
    this.#endPassed = true;
    this.#ends.passTrailers(trailers);
  }
}
