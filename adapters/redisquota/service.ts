// What the rate limit service is called, and what is said of it when it fails. Both.

import { literal } from "../../assembly/sdk";

/** Envoy's rate limit service, version 3. */
export const SERVICE = literal("envoy.service.ratelimit.v3.RateLimitService");
export const METHOD = literal("ShouldRateLimit");
export const UNREACHABLE = literal("the rate limit service did not answer");
