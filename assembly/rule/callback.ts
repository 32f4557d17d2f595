// Numbers the callbacks, so that what was evaluated in one is never taken for another's. Hot.

let number: u64 = 0;

/** A new callback has begun. */
// @ts-ignore: decorator
@inline
export function nextCallback(): void {
  number++;
}

/** The number of the running callback; never 0. */
// @ts-ignore: decorator
@inline
export function callbackNumber(): u64 {
  return number;
}
