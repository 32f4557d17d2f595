// Last words before a trap. Runs when the heap may be the very thing that broke, so it writes to
// fixed memory and allocates nothing. Both.

import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { LogLevel } from "../shared/abi";

const LINE: usize = memory.data(256);
const LINE_SIZE_BYTES: usize = 256;

/** Called by compiled assertions: logs message, file and line, then ends the VM. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  let at = LINE;
  if (message != null) at = copyAscii(message, at, LINE + LINE_SIZE_BYTES / 2);
  if (file != null) {
    store<u8>(at++, 32);
    at = copyAscii(file, at, LINE + LINE_SIZE_BYTES - 32);
  }
  store<u8>(at++, 58);
  at = decimal(line, at);
  store<u8>(at++, 58);
  at = decimal(column, at);
  proxy_log(LogLevel.Critical, LINE, at - LINE);
  unreachable();
}

function copyAscii(text: string, at: usize, end: usize): usize {
  for (let index = 0; index < text.length && at < end; index++) {
    const unit = text.charCodeAt(index);
    store<u8>(at++, <u8>(unit >= 32 && unit < 127 ? unit : 63));
  }
  return at;
}

function decimal(value: u32, at: usize): usize {
  let divisor: u32 = 1;
  while (value / divisor >= 10) divisor *= 10;
  for (; divisor > 0; divisor /= 10) store<u8>(at++, <u8>(48 + ((value / divisor) % 10)));
  return at;
}
