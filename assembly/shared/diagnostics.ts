// The stable codes of everything that can be wrong with a configuration document, printed `E0101`
// or `W0901`. A code is never reused; 223, 417 and 507 are taken. The comment above each is its
// help text: the reference page is generated from it. The messages stand in
// diagnostic-messages.ts. Compiled by asc and by tsc; imports nothing.

/**
 * Codes by block: 1xx syntax, 2xx fields and names, 3xx expressions, 4xx rules, handlers and
 * instances, 5xx parameters of adapters, 9xx warnings.
 */
export const enum DiagnosticCode {
  /** There were more diagnostics than are shown. Correct the ones above and look again. */
  MoreNotShown = 100,
  /** The document ends too early; it was probably cut, or a closing bracket or quote is missing. */
  UnexpectedEnd = 101,
  /** A character that cannot stand here: often a missing or superfluous comma, quote or bracket. */
  UnexpectedCharacter = 102,
  /** After the end of the document there is something else. A document is one JSON value. */
  TrailingText = 103,
  /** JSON knows the escapes \" \\ \/ \b \f \n \r \t and \uXXXX, no others. */
  BadEscape = 104,
  /** \uD800 to \uDFFF are halves of one character and must come as a pair, high half first. */
  LoneSurrogate = 105,
  /** Control characters (line ends and tabs too) must be escaped inside a JSON string. */
  ControlCharacter = 106,
  /** A document is UTF-8 text. Other encodings have to be converted first. */
  NotUtf8 = 107,
  /** Numbers are written as JSON writes them: no leading zeros or plus, no hexadecimal, no NaN. */
  BadNumber = 108,
  /** The number is larger than any that can be kept. */
  NumberTooLarge = 109,
  /** One field or key is given twice in an object, perhaps once in snake_case; one must go. */
  DuplicateKey = 110,
  /** Objects and lists are nested too deeply. */
  TooDeep = 111,
  /** The document is larger than any that is read. */
  DocumentTooLarge = 112,
  /** JSON has no comments. Keep them in YAML, from which `mixer render` writes JSON. */
  CommentNotAllowed = 113,
  /** A word that JSON does not know. Strings need double quotes. */
  UnknownWord = 114,
  /** The document has more values than are read. */
  TooManyValues = 115,

  /** There is no such field here. Names are Mixer's, in camelCase or snake_case. */
  UnknownField = 201,
  /** The field has no sensible default and must be given. */
  MissingField = 202,
  /** The value has another type than the field. */
  WrongType = 203,
  /** The value is outside the range of the field. */
  OutOfRange = 204,
  /** The field takes whole numbers only. */
  NotAnInteger = 205,
  /**
   * A Struct keeps numbers as doubles, which are exact below 2^53. Write the number as a string.
   */
  InexactInteger = 206,
  /** The field takes one of a few words. */
  UnknownChoice = 207,
  /** Durations are written as in Go: `1.5s`, `250ms`, `1h30m`. */
  BadDuration = 208,
  /** Names have 1 to 63 letters, digits, dots, underscores or hyphens: they go into metrics. */
  BadName = 209,
  /** The field must not be empty. */
  EmptyValue = 210,
  /** Two fields exclude each other. */
  ConflictingFields = 211,
  /** The field is designed, but this version does not have it. */
  NotYetSupported = 212,
  /** Header names are tokens of HTTP; names that begin with `:` belong to Envoy. */
  BadHeaderName = 213,
  /** Header values cannot have line ends or NUL, which could split a message. */
  BadHeaderValue = 214,
  /** This header belongs to the protocol or to Envoy; changing it could be used to evade checks. */
  ProtectedHeader = 215,
  /** Not an IPv4 or IPv6 address. */
  BadIp = 216,
  /** Not an address range such as `10.1.0.0/16` or `2001:db8::/32`. */
  BadCidr = 217,
  /** The text is longer than the field allows. */
  TextTooLong = 218,
  /** The list or object has more entries than are allowed. */
  TooManyEntries = 219,
  /** This version reads `apiVersion: mixer/v1`. */
  BadVersion = 220,
  /** Not a URL of the kind that the field takes. */
  BadUrl = 221,
  /** Neither a number nor the name of a status code of google.rpc.Code. */
  BadStatusCode = 222,
  /** Backends are written `host:port`; an IPv6 address stands in brackets: `[2001:db8::1]:8181`. */
  BadAddress = 224,
  /** Not a time stamp of RFC 3339, such as `2027-01-01T00:00:00Z`. */
  BadTimestamp = 225,
  /** Not a hash in the form that the field takes. */
  BadHash = 226,
  /** `${env:NAME}` needs a variable of the VM's environment. */
  MissingVariable = 227,

  /** No such attribute in the vocabulary or in `attributes`. */
  UnknownAttribute = 301,
  /** No such function or method. */
  UnknownFunction = 302,
  /** The operand, argument or result has another type than needed. */
  TypeMismatch = 303,
  /** The function takes another number of arguments. */
  WrongArity = 304,
  /** A character that no expression has. */
  UnexpectedSymbol = 305,
  /** A token that cannot stand here. */
  UnexpectedToken = 306,
  /** The string literal has no closing quote. */
  UnterminatedText = 307,
  /** An escape that string literals of expressions do not know. */
  BadTextEscape = 308,
  /** A number literal that does not fit its type or is not written as Go writes it. */
  BadLiteral = 309,
  /** The expression has too many bytes. */
  ExpressionTooLong = 310,
  /** The expression is nested too deeply. */
  ExpressionTooDeep = 311,
  /** The expression has too many parts. */
  ExpressionTooLarge = 312,
  /** The attribute does not exist yet, or no longer, in the phase in which the expression runs. */
  AttributeNotReadable = 313,
  /** The regular expression is not RE2 syntax. */
  BadPattern = 314,
  /** The regular expression has too many instructions after its repetitions are expanded. */
  PatternTooLarge = 315,
  /** There is no expression. */
  ExpressionEmpty = 316,
  /** The expression ends where an operand or a closing bracket is needed. */
  ExpressionIncomplete = 317,
  /** `match` and `unless` are conditions: their type must be BOOL. */
  NotBool = 318,
  /** A constant argument that cannot be converted, such as ip("1.2.3") or timestamp("today"). */
  BadConstant = 319,
  /** A `${` without its `}`. A literal `${` is written `$${`. */
  BadTemplate = 320,
  /** Only a STRING_MAP has an index, and its index is a string. */
  BadIndex = 321,
  /** The function cannot be called as a method, or only as a method, or not on this type. */
  BadReceiver = 322,
  /**
   * An output of an action is read that is not known before: of an action further down, or by its
   * own rule's `match`.
   */
  OutputNotAvailable = 323,
  /** CEL has it, this implementation has not: messages, optional values, zones by name. */
  CelUnsupported = 324,
  /** The module was built without CEL: `mixer build --for` links it when the document uses it. */
  CelNotLinked = 325,

  /** Two rules, handlers, instances or actions have one name. */
  DuplicateName = 401,
  /** No handler has this name. */
  UnknownHandler = 402,
  /** No instance has this name. */
  UnknownInstance = 403,
  /** This filter has no such adapter. */
  UnknownAdapter = 404,
  /** There is no such template. */
  UnknownTemplate = 405,
  /** The adapter does not take instances of this template. */
  TemplateNotServed = 406,
  /** The adapter has no standard instance that could be guessed; write one. */
  InstanceNeeded = 407,
  /** A quota of the handler has no instance of its name, so nothing could ever be charged. */
  QuotaWithoutInstance = 408,
  /** The quota instance has no quota of its name in the handler. */
  InstanceWithoutQuota = 409,
  /** An attribute of the vocabulary is declared again; say `override: true` if that is meant. */
  AttributeRedeclared = 410,
  /** Declared attributes need each other, so that none could be computed. */
  CyclicAttributes = 411,
  /** An override must keep the type that the vocabulary gives. */
  OverrideType = 412,
  /**
   * A declared attribute has one source: `property`, `requestHeader`, `responseHeader`, `cookie`,
   * `queryParameter` or `value`.
   */
  AttributeSource = 413,
  /** There are more rules than are allowed. */
  TooManyRules = 414,
  /** A rule has more actions than are allowed. */
  TooManyActions = 415,
  /** The document uses more attributes than are allowed. */
  TooManyAttributes = 416,
  /** The field needs an action that can deny, and the rule has none. */
  NothingToDeny = 418,
  /** The field belongs to another kind of template, such as `charge` on a check. */
  FieldNotForTemplate = 419,
  /** The rule has neither actions nor header operations. */
  RuleWithoutEffect = 420,
  /** The adapter decides by itself and asks no backend, so it takes no `connection`. */
  ConnectionNotUsed = 421,
  /** A backend is given in one way: `address` or `cluster`. */
  ConnectionTarget = 422,
  /** What the source gives cannot be a value of the attribute's type. */
  AttributeType = 423,
  /** Envoy has no property of this path. A path of one part is filter state of a wasm filter. */
  UnknownProperty = 424,
  /** A credential can only be hidden where the instance says where it stands. */
  CredentialWithoutPlace = 425,
  /** Rules read what earlier ones gave in more stages than are allowed. */
  TooManyStages = 428,
  /** Who may see explanations must not be for a client to choose. */
  ClientChooses = 430,
  /** What the document keeps of each request, for its later phases, fits no block of memory. */
  RecordTooLarge = 431,
  /**
   * The adapter gave no handler and said nothing of why: a mistake of its author, who has to report
   * an error wherever `build` returns null.
   */
  HandlerNotBuilt = 432,
  /**
   * To load the document takes more memory than one may have: rules, patterns, list entries and
   * handlers all count. Large repetitions in patterns cost most; long lists can be fetched instead.
   */
  DocumentTakesTooMuch = 433,

  /** An entry of the list is not of its type. */
  BadListEntry = 501,
  /** Bounds of buckets must grow. */
  BadBuckets = 502,
  /**
   * Metric names have letters, digits and underscores, and begin with no digit; those that begin
   * with `mixer_` are the runtime's own, those with `envoy_` Envoy's.
   */
  BadMetricName = 503,
  /**
   * Label names have letters, digits and underscores, and begin with no digit and no `__`. A
   * distribution has no label `le`: Envoy writes the bounds of its buckets there.
   */
  BadLabelName = 504,
  /** A label that the instance has no dimension for would always be empty. */
  LabelWithoutDimension = 505,
  /** The metric has no instance. */
  MetricWithoutInstance = 506,
  /** One name is given twice in a parameter list. */
  DuplicateEntry = 508,
  /** An override names a dimension that the instance does not have. */
  UnknownDimension = 509,
  /** No metric of the handler counts the instance, so its values would go nowhere. */
  InstanceWithoutMetric = 510,
  /** Istio knows no value of this name to put a condition on. */
  UnknownConditionKey = 511,
  /** A path template has plain segments, `{*}` for one, and at most one `{**}` for any number. */
  BadPathTemplate = 512,
  /** A binding names a role that its namespace does not have. */
  UnknownRole = 513,

  /** The attribute can be absent; without `|` the match then fails and `onError` decides. */
  AbsentWithoutFallback = 901,
  /** No rule uses this handler. */
  UnusedHandler = 902,
  /** No action uses this instance. */
  UnusedInstance = 903,
  /** The condition has the same result for every request. */
  ConstantCondition = 904,
  /** The attribute is Mixer's, but Envoy cannot give it: it is always absent. */
  AlwaysAbsent = 905,
  /** The field has no effect here. */
  NoEffect = 906,
  /** `matches` takes the pattern in front; here a literal stands where the text belongs. */
  SwappedPattern = 907,
  /** The severity is in no list: its entries get the level of those, INFO. */
  UnknownSeverity = 908,
  /** As Mixer's, a rolling window below a minute has whole seconds: a longer one is in force. */
  WindowRoundedUp = 909,
}
