// What a policy that matches does. Both: read while configuring and per request.

/** Actions of policies. */
export const enum PolicyAction {
  Allow = 0,
  Deny = 1,
  Audit = 2,
}
