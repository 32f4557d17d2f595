// The circuit breaker of one connection on one worker: after CIRCUIT_FAILURE_COUNT failures in a
// row nobody is asked for a while; then one call tries, and its outcome decides. Hot.

import { CIRCUIT_FAILURE_COUNT, CIRCUIT_OPEN_MAX_MS, CIRCUIT_OPEN_MS } from "../shared/limits";

const NANOS_PER_MS: u64 = 1_000_000;

/** What a report of an outcome changed. */
export const enum CircuitChange {
  None = 0,
  Opened = 1,
  Closed = 2,
}

/** Counts failures in a row. All times are of the monotonic clock, in nanoseconds. */
export class Circuit {
  private failures: i32 = 0;
  private openMs: u64 = CIRCUIT_OPEN_MS;
  private openUntilNs: u64 = 0;
  /** The probe that is under way counts as lost then. */
  private probeUntilNs: u64 = 0;

  /** Whether calls are held back. */
  get isOpen(): bool {
    return this.failures >= CIRCUIT_FAILURE_COUNT;
  }

  /** Whether a call may be made now; in the half-open state only one may until it has ended. */
  mayCall(nowNs: u64, timeoutMs: u32): bool {
    if (!this.isOpen) return true;
    if (nowNs < this.openUntilNs || nowNs < this.probeUntilNs) return false;
    this.probeUntilNs = nowNs + (<u64>timeoutMs + CIRCUIT_OPEN_MS) * NANOS_PER_MS;
    return true;
  }

  /** A call was answered. */
  succeed(): CircuitChange {
    if (this.failures == 0) return CircuitChange.None;
    const wasOpen = this.isOpen;
    this.failures = 0;
    this.openMs = CIRCUIT_OPEN_MS;
    this.probeUntilNs = 0;
    return wasOpen ? CircuitChange.Closed : CircuitChange.None;
  }

  /** A call was not answered. */
  fail(nowNs: u64): CircuitChange {
    // Calls that began before the circuit opened say nothing new.
    if (this.isOpen && this.probeUntilNs == 0) return CircuitChange.None;
    const wasOpen = this.isOpen;
    this.failures++;
    if (!this.isOpen) return CircuitChange.None;
    this.openUntilNs = nowNs + this.openMs * NANOS_PER_MS;
    this.openMs = min<u64>(this.openMs << 1, CIRCUIT_OPEN_MAX_MS);
    this.probeUntilNs = 0;
    return wasOpen ? CircuitChange.None : CircuitChange.Opened;
  }

  /** A call ended without anybody knowing how: another one may probe. */
  forget(): void {
    this.probeUntilNs = 0;
  }
}
