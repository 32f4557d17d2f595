// Asks OPA and does as it says. Hot: allocates nothing managed.

import {
  Answer,
  Authorization,
  Code,
  FAILED,
  Handler,
  Lifetime,
  Slice,
  Verdict,
  isPresent,
  literal,
} from "../../assembly/sdk";
import { Decision, Ruling } from "./decision";
import { writeInput } from "./input";

const POST = literal("POST");
const CONTENT_TYPE = literal("content-type");
const ACCEPT = literal("accept");
const JSON_TYPE = literal("application/json");
/** Mixer's words. */
const REJECTED = literal("request was rejected");
const UNANSWERED = literal("OPA did not answer");
const REFUSED = literal("OPA refused the question");
const TOO_LARGE = literal("OPA's answer is too large");
const NOT_UNDERSTOOD = literal("OPA's answer is neither true nor false");
const UNDEFINED = literal("the rule is undefined in OPA");
const INPUT_TOO_LARGE = literal("the question for OPA is too large");
const OK: i32 = 200;

const decision = new Decision();

/** One OPA. */
export class OpaHandler extends Handler {
  constructor(
    private readonly path: Slice,
    private readonly lifetime: Lifetime,
  ) {
    super();
  }

  onAuthorization(authorization: Authorization, verdict: Verdict): void {
    const connection = this.connection!;
    const input = writeInput(authorization);
    if (input == FAILED) {
      verdict.fail(Code.Internal, INPUT_TOO_LARGE);
      return;
    }
    const request = connection.request(POST, this.path);
    request.header(CONTENT_TYPE, JSON_TYPE);
    request.header(ACCEPT, JSON_TYPE);
    request.body = input;
    verdict.wait(connection.http(request));
  }

  onAnswer(answer: Answer, verdict: Verdict): void {
    if (!answer.isAnswered) verdict.fail(answer.failureCode, UNANSWERED);
    else if (answer.isTooLarge) verdict.fail(Code.Internal, TOO_LARGE);
    else if (answer.status != OK) verdict.fail(Code.Internal, REFUSED);
    else this.judge(answer, verdict);
  }

  private judge(answer: Answer, verdict: Verdict): void {
    decision.read(answer.body(), verdict.headers);
    if (decision.ruling == Ruling.None) {
      verdict.headers.reset();
      verdict.fail(Code.Internal, decision.isUndefined ? UNDEFINED : NOT_UNDERSTOOD);
    } else if (decision.ruling == Ruling.Yes) {
      verdict.allow(this.lifetime);
    } else {
      const reason = decision.reason;
      verdict.denyWith(Code.PermissionDenied, isPresent(reason) ? reason : REJECTED, this.lifetime);
      if (decision.httpStatus >= 400 && decision.httpStatus < 600) {
        verdict.httpStatus = <u32>decision.httpStatus;
      }
      if (isPresent(decision.body)) verdict.body = decision.body;
    }
  }
}
