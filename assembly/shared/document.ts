// The fields of the configuration document: the one table from which the JSON Schema and the
// reference page are generated. Compiled by tsc; the filter reads its fields in assembly/rule, and
// a test holds that it knows exactly these. Imports nothing.
//
// A row is `object|field|type|default`; the comment above it is its reference entry. A row without
// field describes the object. default: `!` = required, `-` = without it nothing happens.
// type: string, name, bool, int(MIN,MAX), duration(MIN,MAX), word(A,B), expression,
// expression(TYPE), condition, template, header, json, not-yet, params, object(NAME), list(TYPE),
// map(TYPE); `a/b` = either.

/** The whole document begins here. */
export const DOCUMENT_OBJECT = "document";

/** Parameters of an instance are the object with this prefix and the template's name. */
export const INSTANCE_PARAMS_PREFIX = "params.";

/** One row for each object and field. */
export const DOCUMENT_ROWS: string[] = [
  /**
   * One document says everything: attributes, handlers, instances, rules. Names of fields are
   * written in camelCase or in snake_case; unknown, duplicate or wrongly typed ones are errors.
   * `null` is as good as leaving a field out. Nothing depends on the order of keys.
   */
  "document|",
  /** The version of this format. */
  "document|apiVersion|word(mixer/v1)|mixer/v1",
  /** Your own name for this state of the document, for people and for logs. */
  "document|revision|string|-",
  /** Attributes of your own, by name. */
  "document|attributes|map(object(attribute))|{}",
  /** Headers that are removed from every request before anything is read. */
  "document|stripRequestHeaders|list(header)|[]",
  /**
   * Where the workload of the other side is known from: the caller's inbound, the upstream's
   * outbound. `HEADERS` exchanges metadata as Istio's proxies do, in `x-envoy-peer-metadata` and
   * `x-envoy-peer-metadata-id`: whoever reaches an inbound listener is believed, unless the
   * certificate names another namespace; both headers end at this proxy. `FILTER_STATE` reads what
   * Istio's own filters leave (`downstream_peer`, `upstream_peer`). `NONE` reads and changes
   * nothing. `STRIP` removes both headers from requests, for an edge; `mixer render --edge` has
   * Envoy do that in front of any filter.
   */
  "document|peers|word(NONE,STRIP,HEADERS,FILTER_STATE)|NONE",
  /** Adapters with parameters. */
  "document|handlers|list(object(handler))|[]",
  /** What handlers are asked about. */
  "document|instances|list(object(instance))|[]",
  /** When which handler is asked about what; in written order. */
  "document|rules|list(object(rule))|[]",
  /**
   * Whether the verdict of every request is handed to Envoy's own access log and later filters;
   * otherwise only that of denied, shadow-denied and failed ones.
   */
  "document|accessLog|bool|false",
  /** How often an open TCP connection is reported. */
  "document|reportInterval|duration(1s,24h)|10s",
  /** Explanations of decisions, in a response header, for some clients. */
  "document|debug|object(debug)|-",
  /** The language of all expressions that name none of their own. */
  "document|language|word(CEXL,CEL)|CEXL",
  /**
   * What becomes of a path that two servers could read differently, once a check or quota reads the
   * path: with an empty segment (`//`, `/;x/`), a dot segment (`/./`, `/../`, `/..` at the end,
   * `/..;x`), a backslash, or an encoded slash, backslash, NUL, letter, digit, `-`, `.`, `_`, `~`.
   * `REJECT` answers 400 before any rule is asked (response code details `mixer_ambiguous_path`);
   * `AS_IS` lets rules see it as it is.
   */
  "document|ambiguousPath|word(REJECT,AS_IS)|REJECT",
  /** The share of requests that are reported. */
  "document|sampling|not-yet|-",
  /** The share of requests for which the document is in force. */
  "document|rollout|not-yet|-",

  /**
   * Explanations: a response header says which rule and action decided, by which comparison, and
   * which values were read; secrets are redacted. The same header of a request and of an upstream
   * is removed, whoever the client is.
   */
  "debug|",
  /** The name of the header. */
  "debug|header|header|x-mixer-explain",
  /**
   * Whom decisions are explained to, such as `source.direct_ip == ip("10.1.2.3")`. It may read
   * only what a client cannot choose; where something that it reads is absent, nobody is allowed.
   */
  "debug|allowFrom|condition|!",

  /**
   * An attribute of your own: a property of Envoy's, or an expression over other attributes. It is
   * evaluated once for each request, when something reads it; one whose expression fails is absent.
   * They may use each other, not in circles.
   */
  "attribute|",
  /** The type of its values. */
  "attribute|type|word(TYPES)|!",
  /**
   * The path of a property of Envoy's, one string for each part. Of type STRING_MAP it is a struct,
   * in metadata or filter state.
   */
  "attribute|property|list(string)|-",
  /** An expression. Exactly one source is given: this or one of the others here. */
  "attribute|value|expression|-",
  /** The language of `value`; the document's when it is left out. */
  "attribute|language|word(CEXL,CEL)|-",
  /** Whether an attribute of the vocabulary gets this source instead of its own. */
  "attribute|override|bool|false",
  /** The value of a request header. */
  "attribute|requestHeader|header|-",
  /** The value of a response header. */
  "attribute|responseHeader|header|-",
  /** The value of a cookie. */
  "attribute|cookie|string|-",
  /** The value of a query parameter. */
  "attribute|queryParameter|string|-",

  /** An adapter with parameters. Written in an action, its name is `RULE/INDEX`. */
  "handler|",
  /** Its name, by which actions ask it. */
  "handler|name|name|!",
  /** The adapter; `compiledAdapter`, as Mixer called it, is read too. */
  "handler|adapter|string|!",
  /**
   * What the adapter takes; its README lists it. In every text of it `${env:NAME}` is a variable of
   * Envoy's environment, for secrets: it is never shown, and one that is not set refuses the
   * document. `$${env:` is a literal `${env:`.
   */
  "handler|params|params|{}",
  /** Where the adapter's backend is; only for adapters that have one, and needed there. */
  "handler|connection|object(connection)|-",

  /** How a handler reaches its backend. Give `address` or `cluster`. */
  "connection|",
  /** `host:port`: `mixer render` writes a cluster for it. */
  "connection|address|string|-",
  /** The name of a cluster that Envoy has already. */
  "connection|cluster|string|-",
  /** The host that calls name; left out: the address, or the cluster's name. */
  "connection|authority|string|-",
  /** How long one call may take. */
  "connection|timeout|duration(1ms,30s)|1s",
  /** How often a failed call is repeated; left out: never. */
  "connection|retry|object(retry)|-",
  /** Encryption of calls to `address`, which `mixer render` writes into the cluster. */
  "connection|tls|object(tls)|-",

  /**
   * TLS to a backend, which must show a certificate for its name: `serverName`, else the host of
   * the address, signed by an authority of `caCertificates`, else by one that the system trusts.
   * The files are Envoy's; it reads them when it starts.
   */
  "tls|",
  /** File with the authorities that are trusted, as PEM; left out: the system's. */
  "tls|caCertificates|string|-",
  /** File with the certificate that Envoy shows (mutual TLS), as PEM; with `privateKey`. */
  "tls|clientCertificate|string|-",
  /** File with its key, as PEM. */
  "tls|privateKey|string|-",
  /** The name that is asked for (SNI) and must stand in the certificate; left out: the host. */
  "tls|serverName|string|-",
  /** Refused where it is true: whoever else answers would decide. */
  "tls|insecureSkipVerify|bool|false",

  /** How a failed call is repeated. */
  "retry|",
  /** How often. */
  "retry|maxRetry|int(0,10)|1",
  /** The wait before the first repetition; each further one waits twice as long. */
  "retry|baseRetryWait|duration(1ms,30s)|80ms",
  /** The longest wait. */
  "retry|maxRetryWait|duration(1ms,30s)|1s",

  /**
   * What a handler is asked about. Written in an action, its name is `RULE/INDEX` by the action's
   * position; `RULE/INDEX/POSITION` where the action has several, so that no two have one name.
   */
  "instance|",
  /** Its name. For a quota it is the quota's, for a metric the one that metrics refer to. */
  "instance|name|name|!",
  /**
   * The template. In an action it may be left out where the adapter takes only one;
   * `compiledTemplate`, as Mixer called it, is read too.
   */
  "instance|template|word(TEMPLATES)|!",
  /** The fields of the template. */
  "instance|params|params|{}",
  /** Attributes that the adapter gives. */
  "instance|attributeBindings|not-yet|-",
  /** The language of its expressions; the document's when it is left out. */
  "instance|language|word(CEXL,CEL)|-",

  /** Fields of the template `listentry`. */
  "params.listentry|",
  /** The value to look up, of type STRING or IP_ADDRESS. */
  "params.listentry|value|expression|!",

  /** Fields of the template `quota`. */
  "params.quota|",
  /** Each set of their values has an amount of its own. Empty: all requests share one. */
  "params.quota|dimensions|map(expression)|{}",

  /** Fields of the template `metric`. */
  "params.metric|",
  /** The value of the sample. */
  "params.metric|value|expression|!",
  /** The labels. */
  "params.metric|dimensions|map(expression)|{}",
  /** The type of the monitored resource, which is Stackdriver's: checked, and used by nothing. */
  "params.metric|monitoredResourceType|expression(STRING)|-",
  /** Its dimensions: checked, and used by nothing. */
  "params.metric|monitoredResourceDimensions|map(expression)|{}",

  /** Fields of the template `logentry`. */
  "params.logentry|",
  /** The fields of the entry. */
  "params.logentry|variables|map(expression)|{}",
  /** How severe it is, such as `"Info"`; the adapter says what the words mean. */
  "params.logentry|severity|expression(STRING)|-",
  /** When it was; left out: the time of the report. */
  "params.logentry|timestamp|expression(TIMESTAMP)|-",
  /** The type of the monitored resource, which is Stackdriver's: checked, and used by nothing. */
  "params.logentry|monitoredResourceType|expression(STRING)|-",
  /** Its dimensions: checked, and used by nothing. */
  "params.logentry|monitoredResourceDimensions|map(expression)|{}",

  /** Fields of the template `authorization`. */
  "params.authorization|",
  /** Who acts. */
  "params.authorization|subject|object(subject)|-",
  /** What is done. */
  "params.authorization|action|object(authorizedAction)|-",

  /** Who acts, for the template `authorization`. */
  "subject|",
  /** The user. */
  "subject|user|expression(STRING)|-",
  /** The groups of the user. */
  "subject|groups|expression(STRING)|-",
  /** Anything else about the subject. */
  "subject|properties|map(expression)|{}",

  /** What is done, for the template `authorization`. */
  "authorizedAction|",
  /** The namespace of the service. */
  "authorizedAction|namespace|expression(STRING)|-",
  /** The service. */
  "authorizedAction|service|expression(STRING)|-",
  /** The method. */
  "authorizedAction|method|expression(STRING)|-",
  /** The path. */
  "authorizedAction|path|expression(STRING)|-",
  /** Anything else about the action. */
  "authorizedAction|properties|map(expression)|{}",

  /** Fields of the template `apikey`. */
  "params.apikey|",
  /** The API that is called. */
  "params.apikey|api|expression(STRING)|-",
  /** Its version. */
  "params.apikey|apiVersion|expression(STRING)|-",
  /** The operation. */
  "params.apikey|apiOperation|expression(STRING)|-",
  /** The key; or where it stands, so that one that is given twice is noticed and can be hidden. */
  "params.apikey|apiKey|expression(STRING)/object(credential)|!",
  /** When it was used. */
  "params.apikey|timestamp|expression(TIMESTAMP)|-",

  /**
   * Where a credential stands. In any of these places it may be given once; given twice, there or
   * in two of them, it reads as both joined by a comma.
   */
  "credential|",
  /** Request headers. */
  "credential|requestHeaders|list(header)|[]",
  /** Query parameters. */
  "credential|queryParameters|list(string)|[]",
  /** Cookies. */
  "credential|cookies|list(string)|[]",

  /**
   * When which handlers are asked about what, and what a request gets in its headers. All checks of
   * a request come before all quotas; the first denial in written order ends the check.
   */
  "rule|",
  /** Its name: it goes into metrics, logs and Envoy's response code details. */
  "rule|name|name|!",
  /**
   * The rule applies where this is true; left out or empty: always. It may read
   * `ACTION.output.FIELD` of an earlier rule's action: it is then matched once that action has
   * answered, and finds the output absent where the action was not run or gave none.
   */
  "rule|match|condition|-",
  /** The rule does not apply where this is true. An error counts as false. */
  "rule|unless|condition|-",
  /** Whom to ask about what. */
  "rule|actions|list(object(action))|[]",
  /** The answer of this rule's denials. */
  "rule|response|object(response)|-",
  /**
   * `SHADOW` evaluates, counts and logs what would have been denied, and changes nothing. Backends
   * are asked without the request waiting, once each, and judged when the answer comes. It runs
   * behind an enforced denial too, where all that it reads is known by then: what reads an output
   * of an action that the denial spared, or that has not answered yet, does not run.
   */
  "rule|mode|word(ENFORCE,SHADOW)|ENFORCE",
  /** What happens where `match`, an instance or a handler fails: one word, or one for each. */
  "rule|onError|word(ALLOW,DENY)/object(onError)|DENY",
  /** Changes of request headers, made when all checks and quotas have passed. */
  "rule|requestHeaderOperations|list(object(headerOperation))|[]",
  /** Changes of response headers. */
  "rule|responseHeaderOperations|list(object(headerOperation))|[]",
  /**
   * An answer in the place of the upstream's, when response headers come and the rule applies: an
   * error page, a redirect. Of several rules the first in written order answers. The answer has
   * its own headers alone: response header operations are not applied to it, nor to a denial. What
   * the upstream sent is thrown away; a 101, which begins another protocol, is never replaced.
   */
  "rule|replaceResponse|object(replacement)|-",
  /**
   * A line for Envoy's log, once the request is decided: when this rule denied it, or when it goes
   * on and the rule applies.
   */
  "rule|requestLog|object(logLine)|-",
  /** A line for Envoy's log when response headers come and the rule applies. */
  "rule|responseLog|object(logLine)|-",
  /** The time of each of its actions' callouts; the connection's when it is left out. */
  "rule|timeout|duration(1ms,30s)|-",
  /** The share of requests that are reported. */
  "rule|sampling|not-yet|-",
  /** Enforces the rule for a part of the traffic; the rest is as in `mode: SHADOW`. */
  "rule|rollout|object(rollout)|-",
  /** The share of requests to which the rule applies. */
  "rule|percent|not-yet|-",
  /** The language of its expressions; the document's when it is left out. */
  "rule|language|word(CEXL,CEL)|-",

  /**
   * For which part of the traffic a rule or an action is enforced. For the rest it is as in
   * `mode: SHADOW`: asked and counted, without effect. Both sides' verdicts are counted, as
   * `mixer_rollout_total`; a denied request counts for what denied it, since what else would have
   * been said then is not known.
   */
  "rollout|",
  /** The part that is enforced, in percent; two decimals. */
  "rollout|percent|number(0,100)|!",
  /**
   * What decides the side, such as `request.headers["x-user"]`: equal values are always on the
   * same side, on every worker and proxy; without a value it is not enforced. Rollouts choose
   * independently of each other (one of an action by the names of rule and action, or by its
   * position where it has none), and who is enforced stays so while the percentage grows. That of
   * an action reads outputs of earlier rules only.
   */
  "rollout|by|expression|!",

  /**
   * A line for Envoy's log, written at once: `rule NAME: message`. For a few requests; what is
   * written for each of them belongs to the adapter `stdio`.
   */
  "logLine|",
  /** The message. What is inserted is escaped as in a JSON string, so that it stays one line. */
  "logLine|message|template|!",
  /** The level in Envoy's log. */
  "logLine|level|word(TRACE,DEBUG,INFO,WARN,ERROR,CRITICAL)|INFO",

  /** What a failure means, by what failed. What is left out is `DENY`, or the rule's. */
  "onError|",
  /** The rule's `match`. */
  "onError|match|word(ALLOW,DENY)|DENY",
  /** A check: its instance or its handler. */
  "onError|check|word(ALLOW,DENY)|DENY",
  /** A quota: its instance or its handler. */
  "onError|quota|word(ALLOW,DENY)|DENY",

  /** One handler, asked about some instances. */
  "action|",
  /** The handler by its name, or the handler itself. */
  "action|handler|name/object(handler)|!",
  /** Exactly these instances, by name or written here. Left out: the adapter's standard ones. */
  "action|instances|list(name/object(instance))|the adapter's standard instances",
  /** A name of its own, by which rules and instances further down read its outputs. */
  "action|name|string|-",
  /** How much a quota is charged; a negative amount is given back. */
  "action|charge|int(-1000000000000,1000000000000)|1",
  /** The answer when this action denies. */
  "action|response|object(response)|the rule's",
  /** As in the rule. */
  "action|mode|word(ENFORCE,SHADOW)|the rule's",
  /** As in the rule. */
  "action|onError|word(ALLOW,DENY)/object(onError)|the rule's",
  /** How long to wait for the answer of a backend. */
  "action|timeout|duration(1ms,30s)|-",
  /** The share of requests to which the action applies. */
  "action|percent|not-yet|-",
  /**
   * Enforces the action for a part of the traffic; the rest is as in `mode: SHADOW`. Not where the
   * rule has a rollout.
   */
  "action|rollout|object(rollout)|-",
  /** The share of requests that are reported. */
  "action|sampling|not-yet|-",

  /** The answer of a denial. Give `body` or `json`, not both. */
  "response|",
  /** The HTTP status; left out: that of the denial's code. */
  "response|status|int(200,599)|the code's",
  /** Headers of the answer by name; the values are templates. */
  "response|headers|map(template)|{}",
  /**
   * The body; `text/plain` unless a header says otherwise. In HTML, XML and JSON, by the content
   * type as it is written here, what is inserted is escaped. With 204, 205 and 304 none is sent.
   */
  "response|body|template|-",
  /** A JSON value whose strings are expressions; what they give is escaped. */
  "response|json|json|-",
  /** What Envoy shows as response code details; left out: `mixer_access_denied{RULE}`. */
  "response|details|string|the rule's",
  /** Whether the body says handler and value when neither `body` nor `json` is given. */
  "response|verbose|bool|true",

  /**
   * An answer in the place of the upstream's; a local reply of Envoy's, such as its 503 where no
   * upstream answers, counts as one. Give `body` or `json`, not both; without either it has none.
   */
  "replacement|",
  /** The HTTP status; left out: the one that it replaces. A gRPC client gets the status for it. */
  "replacement|status|int(200,599)|the upstream's",
  /** Headers of the answer by name; the values are templates. */
  "replacement|headers|map(template)|{}",
  /**
   * The body; `text/plain` unless a header says otherwise. In HTML, XML and JSON, by the content
   * type as it is written here, what is inserted is escaped. With 204, 205 and 304 none is sent.
   */
  "replacement|body|template|-",
  /** A JSON value whose strings are expressions; what they give is escaped. */
  "replacement|json|json|-",
  /** What Envoy shows as response code details; left out: `mixer_response_replaced{RULE}`. */
  "replacement|details|string|the rule's",

  /** A change of one header. All values of a phase are evaluated before the first change. */
  "headerOperation|",
  /**
   * The header. Of a request `:path` and `:authority` too, of a response `:status`: these are only
   * replaced, and stay as they are where the value is absent or cannot stand there. Envoy chooses
   * the route anew after a request header has changed.
   */
  "headerOperation|name|header|!",
  /** `REPLACE` leaves exactly one line, `APPEND` adds lines, `REMOVE` removes all. */
  "headerOperation|operation|word(REPLACE,REMOVE,APPEND)|REPLACE",
  /** The values, of type STRING. */
  "headerOperation|values|list(expression(STRING))|required unless `operation: REMOVE`",
  /**
   * What becomes of the header where a value is absent, empty, too long or fails, or has CR, LF or
   * NUL: it is removed, so that a client's own value never passes for ours; or it stays.
   */
  "headerOperation|ifAbsent|word(REMOVE,KEEP)|REMOVE",
];
