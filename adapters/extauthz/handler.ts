// Asks the server and does as it says. Hot: allocates nothing managed.

import {
  Answer,
  Authorization,
  Code,
  FAILED,
  Handler,
  Lifetime,
  Verdict,
  isPresent,
  literal,
} from "../../assembly/sdk";
import { writeCheckRequest } from "./check-request";
import { CheckResponse } from "./check-response";

const SERVICE = literal("envoy.service.auth.v3.Authorization");
const METHOD = literal("Check");
const UNANSWERED = literal("the authorization server did not answer");
const REFUSED = literal("the authorization server refused the question");
const TOO_LARGE = literal("the authorization server's answer is too large");
const NO_DECISION = literal("the authorization server's answer is no decision");
const REQUEST_TOO_LARGE = literal("the question for the authorization server is too large");

const response = new CheckResponse();

/** One authorization server. */
export class ExtAuthzHandler extends Handler {
  constructor(private readonly lifetime: Lifetime) {
    super();
  }

  onAuthorization(authorization: Authorization, verdict: Verdict): void {
    const message = writeCheckRequest(authorization);
    if (message == FAILED) verdict.fail(Code.Internal, REQUEST_TOO_LARGE);
    else verdict.wait(this.connection!.grpc(SERVICE, METHOD, message));
  }

  onAnswer(answer: Answer, verdict: Verdict): void {
    if (!answer.isAnswered) verdict.fail(answer.failureCode, UNANSWERED);
    else if (answer.grpcStatus != Code.Ok) verdict.fail(Code.Internal, REFUSED);
    else if (answer.isTooLarge) verdict.fail(Code.Internal, TOO_LARGE);
    else this.judge(answer, verdict);
  }

  private judge(answer: Answer, verdict: Verdict): void {
    response.read(answer.body(), verdict.headers);
    if (!response.isDecision) {
      verdict.headers.reset();
      verdict.fail(Code.Internal, NO_DECISION);
    } else if (response.code == Code.Ok) {
      verdict.allow(this.lifetime);
    } else {
      verdict.denyWith(response.code, response.reason, this.lifetime);
      verdict.httpStatus = usableStatus(response.httpStatus);
      if (isPresent(response.body)) verdict.body = response.body;
    }
  }
}

// Anything that is no error would tell a denied client that all is well.
function usableStatus(status: u32): u32 {
  return status >= 300 && status < 600 ? status : 403;
}
