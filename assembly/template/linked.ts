// What the adapters of this module can do, as the build found it in their sources: constants, so
// that the compiler leaves out what nobody here could use. Where the build says nothing
// (tools/build/linked.ts), everything is there. Both.

import { Template } from "../shared/templates";

/** Templates that some adapter of the module takes, as bits. */
// @ts-ignore: the build gives the number, isDefined is the compiler's
export const LINKED_TEMPLATES: u32 = isDefined(MIXER_TEMPLATES) ? MIXER_TEMPLATES : u32.MAX_VALUE;

/** Whether some adapter of the module may ask a backend. */
// @ts-ignore: as above
export const LINKS_BACKENDS: bool = isDefined(MIXER_BACKENDS) ? MIXER_BACKENDS != 0 : true;

/** Whether some adapter of the module takes `authorization`. */
export const LINKS_AUTHORIZATION: bool = (LINKED_TEMPLATES & Template.Authorization) != 0;
/** Whether some adapter of the module takes `apikey`. */
export const LINKS_API_KEY: bool = (LINKED_TEMPLATES & Template.ApiKey) != 0;
/** Whether some adapter of the module takes `quota`. */
export const LINKS_QUOTA: bool = (LINKED_TEMPLATES & Template.Quota) != 0;
/** Whether some adapter of the module takes a template that checks. */
export const LINKS_CHECKS: bool =
  (LINKED_TEMPLATES &
    (Template.CheckNothing |
      Template.ListEntry |
      Template.Authorization |
      Template.ApiKey |
      Template.OwnCheck)) !=
  0;
/** Whether some adapter of the module takes a template that reports. */
export const LINKS_REPORTS: bool =
  (LINKED_TEMPLATES &
    (Template.Metric | Template.LogEntry | Template.ReportNothing | Template.OwnReport)) !=
  0;
