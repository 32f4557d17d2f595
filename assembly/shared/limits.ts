// Every bound of the suite, with its unit last. Compiled by asc and by tsc; imports nothing.
// The reference page of limits is generated from the comments here.

/** First size of the memory of one callback. */
export const ARENA_SIZE_BYTES = 262_144;
/** Largest answer of the host, and largest sum of them, that one callback may hold. */
export const ARENA_SIZE_MAX_BYTES = 67_108_864;
/** Step in which the memory of one configuration grows. */
export const REGION_CHUNK_SIZE_BYTES = 16_384;
/** Step in which the memory of streams grows. */
export const BLOCK_CHUNK_SIZE_BYTES = 262_144;
/** Most of a stream's memory that a document decides: values kept, outputs, bits of rules. */
export const RECORD_SIZE_MAX_BYTES = 65_536;
/** Memory of all live streams of one VM; beyond it what has a policy is refused, unchecked. */
export const BLOCKS_SIZE_MAX_BYTES = 134_217_728;

/** Largest configuration document. */
export const DOCUMENT_SIZE_MAX_BYTES = 16_777_216;
/** Memory that one document may ask for while it is loaded, what is garbage then included. */
export const DOCUMENT_MEMORY_MAX_BYTES = 167_772_160;
/** Deepest nesting of objects and lists in a document. */
export const DOCUMENT_DEPTH_MAX = 64;
/** Errors and warnings reported for one document; the rest is counted. */
export const DIAGNOSTIC_COUNT_MAX = 100;
/** Longest quotation of the document in a diagnostic. */
export const QUOTE_SIZE_MAX_BYTES = 64;
/** Longest name of a rule, handler, instance or action. */
export const NAME_SIZE_MAX_BYTES = 63;
/** Most rules in a document. */
export const RULE_COUNT_MAX = 10_000;
/** Most actions in a rule. */
export const ACTION_COUNT_MAX = 256;
/** Most attributes that one document may use, and most sub-expressions that its rules share. */
export const ATTRIBUTE_COUNT_MAX = 4_096;

/** Longest expression. */
export const EXPRESSION_SIZE_MAX_BYTES = 65_536;
/** Deepest nesting of an expression. */
export const EXPRESSION_DEPTH_MAX = 200;
/** Most nodes of one expression's syntax tree. */
export const EXPRESSION_NODE_COUNT_MAX = 20_000;
/** Deepest evaluation stack of a program. */
export const EVALUATION_STACK_MAX = 256;
/** Instructions that the expressions of one request may run; beyond it `onError` decides. */
export const EVALUATION_STEPS_MAX = 1_000_000;

/** Instructions of a regular expression after expansion. */
export const PATTERN_INSTRUCTION_COUNT_MAX = 10_000;
/** Longest regular expression. */
export const PATTERN_SIZE_MAX_BYTES = 65_536;
/** Instructions of a regular expression whose groups are used in a replacement. */
export const CAPTURE_INSTRUCTION_COUNT_MAX = 500;
/** Groups of such a regular expression: as many as a replacement can name. */
export const CAPTURE_GROUP_COUNT_MAX = 9;
/** Deepest nesting of groups in a regular expression. */
export const PATTERN_DEPTH_MAX = 200;
/** Largest repetition count in a regular expression, as in RE2. */
export const PATTERN_REPEAT_MAX = 1_000;

/** Captured bytes of request attributes that one stream keeps for its later phases. */
export const CAPTURE_SIZE_MAX_BYTES = 16_384;
/** Longest JSON text that is made of a token's claims; a longer one is absent. */
export const CLAIMS_SIZE_MAX_BYTES = 16_384;
/** Deepest nesting of objects and lists in a token's claims. */
export const CLAIMS_DEPTH_MAX = 16;
/** Nesting of a Struct in filter state; a deeper one is refused. */
export const STATE_DEPTH_MAX = 16;
/** Longest peer metadata, in a header or in filter state; with a longer one the peer is unknown. */
export const PEER_METADATA_SIZE_MAX_BYTES = 8_192;
/** Fields of a peer's metadata that are kept; one with more is cut there. */
export const PEER_FIELD_COUNT_MAX = 16;
/** Labels of a peer that are read; further ones are left out. */
export const PEER_LABEL_COUNT_MAX = 64;
/** Longest header value that one of our own operations writes; a longer one counts as absent. */
export const HEADER_VALUE_SIZE_MAX_BYTES = 16_384;
/** Longest explanation of a decision; what does not fit is left out, and it says so. */
export const EXPLANATION_SIZE_MAX_BYTES = 4_096;
/** Longest line that a rule writes to Envoy's log. */
export const RULE_LOG_LINE_SIZE_MAX_BYTES = 8_192;
/** Longest body of a denial. */
export const DENIAL_BODY_SIZE_MAX_BYTES = 16_384;
/** Longest part of a client's value in a denial message. */
export const DENIAL_VALUE_SIZE_MAX_BYTES = 256;
/** Longest line that the stdio adapter writes. */
export const LOG_LINE_SIZE_MAX_BYTES = 65_536;

/** Time between the reports of one TCP connection, unless the document says otherwise. */
export const REPORT_INTERVAL_MS = 10_000;
/** Shortest time that it may say. */
export const REPORT_INTERVAL_MIN_MS = 1_000;
/** Longest time that it may say. */
export const REPORT_INTERVAL_MAX_MS = 86_400_000;
/** Period of the root context's tick. */
export const TICK_PERIOD_MS = 500;
/** Shortest time between two log lines about the same failing rule. */
export const FAILURE_LOG_INTERVAL_MS = 10_000;
/** Longest time that a stream may wait for callouts, whatever their own timeouts. */
export const PAUSE_MAX_MS = 30_000;

/** Series of one metric in the whole process, `__other__` included. */
export const SERIES_COUNT_MAX = 1_000;
/** Longest label value in a stat name; what is longer is cut and told apart by a hash. */
export const LABEL_VALUE_SIZE_MAX_BYTES = 200;

/** Most slots of one rolling window; longer windows have slots of validDuration / 600. */
export const QUOTA_SLOT_COUNT_MAX = 600;
/** Buckets of one quota's table in shared data. */
export const QUOTA_BUCKET_COUNT = 32_768;
/** Live keys of one bucket. */
export const QUOTA_BUCKET_WAY_COUNT = 16;
/** Size of a bucket that several keys share; beyond it a new key has no room. */
export const QUOTA_BUCKET_SIZE_MAX_BYTES = 4_096;
/** Longest key of a quota: its dimensions with their values. */
export const QUOTA_KEY_SIZE_MAX_BYTES = 1_024;
/** Attempts to store a quota bucket that another worker changes at the same time. */
export const QUOTA_RETRY_COUNT_MAX = 100;
/** Keys of one memquota handler of which a worker holds leases at a time. */
export const QUOTA_LEASE_COUNT_MAX = 512;
/** Longest key of a quota that a worker takes leases of; longer ones are charged one by one. */
export const QUOTA_LEASE_KEY_SIZE_MAX_BYTES = 96;
/** Most that a worker takes of a quota at a time. */
export const QUOTA_LEASE_SIZE_MAX = 1_000_000;
/** Least status that an answer of the filter's own may have, given by a document or an adapter. */
export const HTTP_STATUS_MIN = 200;
/** Greatest status that an answer of the filter's own may have. */
export const HTTP_STATUS_MAX = 599;
/** Most headers of a denial's own answer. */
export const DENIAL_HEADER_COUNT_MAX = 32;
/** Stages of a document: how often rules may read what earlier ones gave, one behind another. */
export const STAGE_COUNT_MAX = 32;
/** Most callouts that one stream may wait for at the same time. */
export const WAIT_COUNT_MAX = 32;

/** Most entries of one list. */
export const LIST_ENTRY_COUNT_MAX = 1_000_000;
/** Most policies, or roles, of one rbac handler. */
export const RBAC_POLICY_COUNT_MAX = 10_000;
/** Most values in all policies of one rbac handler; a range of addresses counts up to 128 times. */
export const RBAC_PATTERN_COUNT_MAX = 50_000;
/** Largest body of a list that is fetched. */
export const LIST_BODY_SIZE_MAX_BYTES = 16_777_216;
/** Part of a fetched list in one value of shared data; no step of building one moves more. */
export const LIST_CHUNK_SIZE_BYTES = 65_536;
/** Most regular expressions of a list that is fetched. */
export const LIST_PATTERN_COUNT_MAX = 1_000;
/** Longest `providerUrl`. */
export const LIST_URL_SIZE_MAX_BYTES = 2_048;
/** Longest entity tag that is kept of a fetched list. */
export const LIST_ENTITY_TAG_SIZE_MAX_BYTES = 128;
/** Time that building a fetched list may take of one tick, for all lists together. */
export const LIST_BUILD_TIME_MAX_MS = 20;
/** Bad lines of one fetched list that are logged; the rest is counted. */
export const LIST_BAD_LINE_LOGGED_COUNT_MAX = 5;
/** Largest question that the bypass adapter sends, its adapter's configuration included. */
export const BYPASS_MESSAGE_SIZE_MAX_BYTES = 131_072;
/** Largest configuration that the bypass adapter hands to its adapter. */
export const BYPASS_CONFIG_SIZE_MAX_BYTES = 16_384;
/** Largest batch of reports of one template; two of them are held. */
export const BYPASS_BATCH_SIZE_MAX_BYTES = 65_536;
/** Attempts to deliver a batch of reports, each after twice the time of the one before. */
export const BYPASS_ATTEMPT_COUNT_MAX = 4;
/** Longest session id that the bypass adapter takes from its adapter. */
export const BYPASS_SESSION_ID_SIZE_MAX_BYTES = 256;
/** Time after which a session is asked for again; it doubles while there is none. */
export const BYPASS_SESSION_WAIT_MS = 1_000;
/** Longest time after which a session is asked for again. */
export const BYPASS_SESSION_WAIT_MAX_MS = 10_000;
/** Sessions of one worker that are over and not closed yet; beyond it the oldest is forgotten. */
export const BYPASS_CLOSING_COUNT_MAX = 16;
/** Longest path of a file with certificates or a key. */
export const TLS_PATH_SIZE_MAX_BYTES = 1_024;
/** Most quotas of one memquota handler. */
export const QUOTA_COUNT_MAX = 1_000;
/** Most parts of one rolling window of redisquota: validDuration / bucketDuration. */
export const QUOTA_PART_COUNT_MAX = 360;
/** Prefetch pools of one redisquota handler in one worker. */
export const QUOTA_PREFETCH_POOL_COUNT_MAX = 1_024;
/** Questions that these pools may have under way at the same time. */
export const QUOTA_PREFETCH_CALL_COUNT_MAX = 256;
/** Most overrides of one quota. */
export const QUOTA_OVERRIDE_COUNT_MAX = 10_000;
/** Longest window of a quota: 366 days. */
export const QUOTA_WINDOW_MAX_HOURS = 8_784;
/** Memory of each of the two generations of deduplication ids of one memquota handler. */
export const QUOTA_DEDUPLICATION_SIZE_BYTES = 65_536;
/** Deduplication ids in each generation; further ones are charged each time. */
export const QUOTA_DEDUPLICATION_COUNT_MAX = 1_024;

/** Ranges of code points that the classes of one regular expression may have. */
export const PATTERN_RANGE_COUNT_MAX = 20_000;
/** Longest regular expression that is only known at run time. */
export const PATTERN_DYNAMIC_SIZE_MAX_BYTES = 1_024;
/** Memory of one regular expression for states of its automaton, unless the least take more. */
export const PATTERN_CACHE_SIZE_MAX_BYTES = 32_768;
/** States of an automaton that always fit. */
export const PATTERN_CACHE_STATE_COUNT_MIN = 8;

// Telemetry.
/** Parts of the list of one metric's series in shared data. */
export const SERIES_BUCKET_COUNT = 64;
/** Attempts to claim a series while other workers claim theirs. */
export const SERIES_RETRY_COUNT_MAX = 100;

// Callouts.
/** Longest timeout of one call to a backend. */
export const CALLOUT_TIMEOUT_MAX_MS = 30_000;
/** Timeout of a call where a document gives none. */
export const CALLOUT_TIMEOUT_MS = 1_000;
/** Headers of one call, or metadata of one gRPC call, together. */
export const CALLOUT_HEADERS_SIZE_MAX_BYTES = 65_536;
/** Headers of one call. */
export const CALLOUT_HEADER_COUNT_MAX = 256;
/** Body or message of one call. */
export const CALLOUT_BODY_SIZE_MAX_BYTES = 1_048_576;
/** What is read of one answer's body or message; a longer answer is refused. */
export const CALLOUT_ANSWER_SIZE_MAX_BYTES = 1_048_576;
/** Failed calls in a row after which a connection is not asked for a while. */
export const CIRCUIT_FAILURE_COUNT = 5;
/** First time that a connection is not asked; it doubles until the largest. */
export const CIRCUIT_OPEN_MS = 1_000;
/** Longest time after which one call tries a failed connection again. */
export const CIRCUIT_OPEN_MAX_MS = 30_000;
/** Period of the tick while the retry of a call waits. */
export const RETRY_TICK_PERIOD_MS = 20;
/** Most retries of one call. */
export const RETRY_COUNT_MAX = 10;
/** Names and values of a verdict's headers, body and outputs together. */
export const VERDICT_EXTRA_SIZE_MAX_BYTES = 65_000;
/** Headers that a verdict may set or add, in each direction. */
export const VERDICT_HEADER_COUNT_MAX = 64;
/** Places in which one credential may stand. */
export const CREDENTIAL_PLACE_COUNT_MAX = 16;
/** Keys of one apikey handler. */
export const API_KEY_COUNT_MAX = 100_000;
/** Longest API key; a longer one is not known. */
export const API_KEY_SIZE_MAX_BYTES = 1_024;
/** Users of one basicauth handler. */
export const BASIC_AUTH_USER_COUNT_MAX = 10_000;
/** Longest password; a longer one is wrong. */
export const PASSWORD_SIZE_MAX_BYTES = 1_024;
/** Iterations of PBKDF2 that a worker may be held with for one wrong password. */
export const PBKDF2_ITERATION_COUNT_MAX = 4_096;
/** Questions of rules in SHADOW mode that one VM has under way; further ones are not asked. */
export const SHADOW_CALL_COUNT_MAX = 1_024;
/** Actions of one rule with a `rollout` of their own. */
export const ACTION_ROLLOUT_COUNT_MAX = 64;
/** Output values of one action. */
export const OUTPUT_COUNT_MAX = 8;
/** Longest key of a cached verdict; longer questions are asked each time. */
export const CHECK_CACHE_KEY_SIZE_MAX_BYTES = 2_048;
/** Longest verdict that a cache keeps. */
export const VERDICT_BLOB_SIZE_MAX_BYTES = 4_096;
/** Sets of the check cache of one worker; a power of two. */
export const CHECK_CACHE_SET_COUNT = 2_048;
/** Verdicts in each set. */
export const CHECK_CACHE_WAY_COUNT = 4;
/** Buckets of the check cache that workers share. */
export const CHECK_CACHE_BUCKET_COUNT = 256;
/** Size of one of these buckets. */
export const CHECK_CACHE_BUCKET_SIZE_MAX_BYTES = 16_384;
/** Numbers that the fields of an adapter's own template may have. */
export const OWN_FIELD_COUNT_MAX = 64;

/** Deepest nesting of a list of addresses that is served as JSON. */
export const LIST_JSON_DEPTH_MAX = 64;
/** Deepest nesting of JSON that comes from a backend. */
export const JSON_DEPTH_MAX = 64;
/** Deepest nesting of JSON that an expression in CEL reads. */
export const CEL_JSON_DEPTH_MAX = 32;
/** Most values in a document, those of objects and lists included. */
export const DOCUMENT_VALUE_COUNT_MAX = 500_000;
/** Longest key of an object in a document. */
export const DOCUMENT_KEY_SIZE_MAX_BYTES = 1_024;
/** Longest number in a document. */
export const DOCUMENT_NUMBER_SIZE_MAX_BYTES = 1_000;
/** Most problems that are told of one expression. */
export const EXPRESSION_PROBLEM_COUNT_MAX = 20;
/** Largest list or map that is worked out once for an expression in CEL, in values. */
export const CEL_CONSTANT_CELL_COUNT_MAX = 65_536;
/** Longest `CODE:handler:message` of a denial; what is longer is cut. */
export const DENIAL_MESSAGE_SIZE_MAX_BYTES = 4_096;
/** All headers of a local reply; what does not fit is left out. */
export const DENIAL_HEADERS_SIZE_MAX_BYTES = 65_536;
/** Most reasons for which one adapter counts what it drops. */
export const DROP_REASON_COUNT_MAX = 8;
/** Longest header of a trace that is passed on to a backend; a longer one is left out. */
export const TRACE_VALUE_SIZE_MAX_BYTES = 1_024;
/** Longest name of a header that a verdict sets. */
export const VERDICT_HEADER_NAME_SIZE_MAX_BYTES = 1_024;
/** Largest request to a rate limit service; for a larger one `onError` decides. */
export const RATE_LIMIT_REQUEST_SIZE_MAX_BYTES = 16_384;
/** Largest request to an ext_authz server. */
export const EXT_AUTHZ_REQUEST_SIZE_MAX_BYTES = 131_072;
/** Largest input for an Open Policy Agent. */
export const OPA_INPUT_SIZE_MAX_BYTES = 65_536;
/** Most bounds of the buckets of a metric. */
export const BUCKET_BOUND_COUNT_MAX = 200;
/** Longest line of a fetched list that can be an entry. Flow style and JSON may be in one line. */
export const LIST_LINE_SIZE_MAX_BYTES = 65_536;
