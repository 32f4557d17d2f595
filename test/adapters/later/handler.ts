// Hot: hands out one token after another and judges by the size of the answer's body.

import { Answer, Code, Handler, Lifetime, Slice, Verdict, emptySlice } from "../../../assembly/sdk";

const NEVER_KEPT = new Lifetime(0, 0);
const NOTHING: Slice = emptySlice();

/** Asks somebody who is the test. */
export class LaterHandler extends Handler {
  private token: u32 = 1000;

  get isRemote(): bool {
    return true;
  }

  onCheckNothing(verdict: Verdict): void {
    verdict.wait(++this.token);
  }

  onAnswer(answer: Answer, verdict: Verdict): void {
    if (!answer.isAnswered) verdict.fail(Code.Unavailable, NOTHING);
    else if (answer.bodySize == 0) verdict.allow(NEVER_KEPT);
    else verdict.denyWith(Code.PermissionDenied, NOTHING, NEVER_KEPT);
  }
}
