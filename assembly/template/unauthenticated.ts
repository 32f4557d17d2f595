// The verdict on a credential that is missing or wrong. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Lifetime } from "./status";
import { Verdict } from "./verdict";
import { HeaderList } from "./verdict-headers";

const WWW_AUTHENTICATE = literal("www-authenticate");
const NOT_KEPT = new Lifetime(0, 0);

/**
 * Denies with UNAUTHENTICATED, which no cache keeps; the answer with 401 says how to do better (RFC
 * 9110, section 11.6.1). `challenge` is what `challengeOf` made.
 */
export function denyUnauthenticated(verdict: Verdict, message: Slice, challenge: Slice): void {
  verdict.denyWith(Code.Unauthenticated, message, NOT_KEPT);
  verdict.headers.add(HeaderList.Reply, WWW_AUTHENTICATE, challenge);
}
