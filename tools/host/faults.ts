// Makes a host call fail by name, once, several times or always, before it does anything.

import { ENV_IMPORTS, WASI_IMPORTS } from './abi.ts';
import { WrongUse } from './errors.ts';

export class Faults {
  readonly #byCall = new Map<string, { status: number; left: number }>();
  /** False while no fault is set, so that calls pay one comparison. */
  armed = false;

  /** `times` left out: until `clear`. The host call returns `status` and touches nothing. */
  fail(call: string, status: number, { times = Infinity }: { times?: number } = {}): void {
    if (!Object.hasOwn(ENV_IMPORTS, call) && !Object.hasOwn(WASI_IMPORTS, call)) {
      throw new WrongUse(`there is no host call ${call} that could fail`);
    }
    this.#byCall.set(call, { status, left: times });
    this.armed = true;
  }

  clear(call?: string): void {
    if (call === undefined) this.#byCall.clear();
    else this.#byCall.delete(call);
    this.armed = this.#byCall.size > 0;
  }

  /** The status with which this call fails now, if it does. */
  take(call: string): number | undefined {
    const fault = this.#byCall.get(call);
    if (fault === undefined) return undefined;
    fault.left--;
    if (fault.left <= 0) this.clear(call);
    return fault.status;
  }
}
