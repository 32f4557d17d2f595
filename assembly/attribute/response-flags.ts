// Envoy's response flags as the short names of its access log. Hot.

import { literal } from "../memory/literal";
import { Writer } from "../memory/writer";

// In the order of the bits of `response.flags`; names separated by a comma.
const NAMES = literal(
  "LH,UH,UT,LR,UR,UF,UC,UO,NR,DI,FI,RL,UAEX,RLSE,DC,URX,SI,IH,DPE,UMSDR,RFCF,NFCF,DT,UPE,NC,OM,DF,DO,DR,UDO",
);
const COMMA: u8 = 44;
const DASH: u8 = 45;

/** Writes the names of the set bits, separated by commas; `-` when none is set. */
export function writeResponseFlags(out: Writer, flags: u64): void {
  if (flags == 0) {
    out.byte(DASH);
    return;
  }
  let at = <usize>(<u32>NAMES);
  const end = at + <usize>(NAMES >>> 32);
  let isFirst = true;
  for (let bit: u64 = 0; at < end; bit++) {
    const isSet = ((flags >> bit) & 1) != 0;
    if (isSet && !isFirst) out.byte(COMMA);
    if (isSet) isFirst = false;
    for (; at < end && load<u8>(at) != COMMA; at++) if (isSet) out.byte(load<u8>(at));
    at++;
  }
  if (isFirst) out.byte(DASH);
}
