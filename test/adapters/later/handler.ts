// Hot: one call for each check; 200 allows, any other status denies with the body as message. The
// header x-user of an answer becomes an output value, x-set a header of the request, x-hide takes
// the credential out of it. A quota is granted by 200, exhausted by 429; any other status is a
// failure, whose message is the body or, without one, the first dimension.

import {
  Answer,
  ApiKey,
  ApiKeyText,
  Code,
  Grant,
  Handler,
  HeaderList,
  Lifetime,
  ListEntry,
  Quota,
  Slice,
  Verdict,
  emptySlice,
  equal,
  isPresent,
  literal,
  sizeOf,
  textAt,
} from "../../../assembly/sdk";

const GET: Slice = literal("GET");
const PATH: Slice = literal("/check");
const QUOTA_PATH: Slice = literal("/quota");
const SHADOW_QUOTA_PATH: Slice = literal("/shadow-quota");
const VALUE: Slice = literal("x-value");
const USER: Slice = literal("x-user");
const SET: Slice = literal("x-set");
const HIDE: Slice = literal("x-hide");
const NO: Slice = literal("no");
const WHY: Slice = literal("x-why");
const NOTHING: Slice = emptySlice();

/** Asks the backend of its connection. */
export class LaterHandler extends Handler {
  constructor(
    private readonly lifetime: Lifetime,
    private readonly isLocal: bool,
  ) {
    super();
  }

  get isRemote(): bool {
    return !this.isLocal;
  }

  onCheckNothing(verdict: Verdict): void {
    verdict.wait(this.connection!.http(this.connection!.request(GET, PATH)));
  }

  onListEntry(entry: ListEntry, verdict: Verdict): void {
    if (this.isLocal) {
      if (equal(textAt(entry.cell), NO)) verdict.denyWith(Code.PermissionDenied, NO, this.lifetime);
      else verdict.output(0, textAt(entry.cell));
      return;
    }
    this.ask(textAt(entry.cell), verdict);
  }

  onApiKey(apiKey: ApiKey, verdict: Verdict): void {
    this.ask(apiKey.text(ApiKeyText.ApiKey), verdict);
  }

  onQuota(quota: Quota, grant: Grant): void {
    const path = quota.isShadow ? SHADOW_QUOTA_PATH : QUOTA_PATH;
    const request = this.connection!.request(GET, path);
    const dimensions = quota.dimensions;
    if (dimensions != null && dimensions.count > 0)
      request.header(VALUE, textAt(dimensions.cell(0)));
    grant.wait(this.connection!.http(request));
  }

  onQuotaAnswer(answer: Answer, quota: Quota, grant: Grant): void {
    if (!answer.isAnswered) grant.failWith(answer.failureCode, NOTHING);
    else if (answer.status == 200) grant.give(quota.amount, 0);
    else if (answer.status == 429) grant.nothing();
    else grant.failWith(Code.Internal, why(answer, quota));
  }

  onAnswer(answer: Answer, verdict: Verdict): void {
    if (!answer.isAnswered) {
      verdict.fail(answer.failureCode, NOTHING);
    } else if (answer.isTooLarge) {
      verdict.fail(Code.Internal, NOTHING);
    } else if (answer.status == 200) {
      verdict.allow(this.lifetime);
      const user = answer.header(USER);
      if (isPresent(user)) verdict.output(0, user);
      const set = answer.header(SET);
      if (isPresent(set)) verdict.headers.add(HeaderList.RequestSet, SET, set);
      if (isPresent(answer.header(HIDE))) verdict.hideCredential();
    } else {
      verdict.denyWith(Code.PermissionDenied, answer.body(), this.lifetime);
      const why = answer.header(WHY);
      if (isPresent(why)) verdict.headers.add(HeaderList.Reply, WHY, why);
    }
  }

  private ask(value: Slice, verdict: Verdict): void {
    const request = this.connection!.request(GET, PATH);
    request.header(VALUE, value);
    verdict.wait(this.connection!.http(request));
  }
}

// What the backend said; without words the dimension that it was asked about.
function why(answer: Answer, quota: Quota): Slice {
  const body = answer.body();
  const dimensions = quota.dimensions;
  if (sizeOf(body) > 0 || dimensions == null || dimensions.count == 0) return body;
  return textAt(dimensions.cell(0));
}
