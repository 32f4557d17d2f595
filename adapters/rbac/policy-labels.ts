// A policy with the texts that callers and metrics show of it. Cold.

import { BuildContext } from "../../assembly/sdk";
import { PolicyAction } from "./policy-action";
import { Policy } from "./rule";

const RESULTS: string[] = ["allowed", "denied", "audited"];

/** A policy of this name. */
export function makePolicy(
  name: string,
  action: PolicyAction,
  isDryRun: bool,
  context: BuildContext,
): Policy {
  const region = context.region;
  const result = (isDryRun ? "dry_run_" : "") + RESULTS[action];
  const message = "denied by policy " + name;
  const metric = metricName(context, name, result);
  return new Policy(action, isDryRun, region.text(message), region.text(metric));
}

/** What is said of a request that nothing allows. */
export function makeRefusal(message: string, context: BuildContext): Policy {
  const region = context.region;
  const metric = metricName(context, "none", "denied");
  return new Policy(PolicyAction.Deny, false, region.text(message), region.text(metric));
}

function metricName(context: BuildContext, policy: string, result: string): string {
  const labels =
    ".handler=" + context.handlerName + ";policy=" + policy + ";result=" + result + ";";
  return "rbac_policy_total" + labels;
}
