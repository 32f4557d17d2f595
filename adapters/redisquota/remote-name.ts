// What the rate limit service is told of a quota, and what it cannot be told: it counts in windows
// of a second, a minute, an hour or a day that lie on the clock's grid, amounts of 32 bits. Cold.

import { BuildContext, DiagnosticCode, IntField, Report } from "../../assembly/sdk";
import { QuotaParams } from "./config";
import { RemoteName } from "./quota-definition";

const SECOND: i64 = 1_000_000_000;
const WINDOWS: i64[] = [SECOND, 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND];
/** Words of the windows; their numbers in envoy.type.v3.RateLimitUnit are 1, 2, 3, 4. */
const WORDS: string[] = ["second", "minute", "hour", "day"];
const EXPECTED_WINDOW = "`1s`, `1m`, `1h` or `24h`, the windows of the rate limit service";
const EXPECTED_ALGORITHM = "`FIXED_WINDOW`, the only one of the rate limit service";
const EXPECTED_AMOUNT = "at most 4294967295, the largest amount of the rate limit service";

/** Reports what the service cannot express. */
export function checkExpressible(quota: QuotaParams, report: Report): void {
  const code = DiagnosticCode.OutOfRange;
  const duration = quota.validDuration;
  if (quota.isRolling) {
    const place = quota.rateLimitAlgorithm.place();
    report.error(code, place, "ROLLING_WINDOW", EXPECTED_ALGORITHM);
  }
  if (duration.value > 0 && WINDOWS.indexOf(duration.value) < 0) {
    report.error(code, duration.place(), "validDuration", EXPECTED_WINDOW);
  }
  checkAmount(quota.maxAmount, report);
  const overrides = quota.overrides.value;
  for (let index = 0; index < overrides.length; index++) {
    checkAmount(overrides[index].maxAmount, report);
  }
}

function checkAmount(amount: IntField, report: Report): void {
  if (amount.value <= <i64>u32.MAX_VALUE) return;
  const code = DiagnosticCode.OutOfRange;
  report.error(code, amount.place(), amount.value.toString(), EXPECTED_AMOUNT);
}

/** `handler/quota/minute`: another window is another counter, another amount is not. */
export function remoteNameOf(
  quota: QuotaParams,
  domain: string,
  context: BuildContext,
): RemoteName {
  const unit = WINDOWS.indexOf(quota.validDuration.value);
  const word = unit < 0 ? "" : WORDS[unit];
  const region = context.region;
  const name = region.text(context.handlerName + "/" + quota.name.value + "/" + word);
  return new RemoteName(region.text(domain), name, <u32>(unit + 1));
}
