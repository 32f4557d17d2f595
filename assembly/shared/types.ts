// The value types of expressions and attributes. Compiled by asc and by tsc; imports nothing.

/** Value types; the first twelve carry the numbers of Mixer's `ValueType`. */
export const enum ValueType {
  Unspecified = 0,
  String = 1,
  Int64 = 2,
  Double = 3,
  Bool = 4,
  Timestamp = 5,
  IpAddress = 6,
  EmailAddress = 7,
  Uri = 8,
  DnsName = 9,
  Duration = 10,
  StringMap = 11,
  /** CEL only, from here on. */
  Bytes = 12,
  Uint64 = 13,
  List = 14,
  Map = 15,
  Null = 16,
  Type = 17,
  Dynamic = 18,
}

/** Printed names by number, as Mixer writes them in error texts. */
export const VALUE_TYPE_NAMES: string[] = [
  "VALUE_TYPE_UNSPECIFIED",
  "STRING",
  "INT64",
  "DOUBLE",
  "BOOL",
  "TIMESTAMP",
  "IP_ADDRESS",
  "EMAIL_ADDRESS",
  "URI",
  "DNS_NAME",
  "DURATION",
  "STRING_MAP",
  "BYTES",
  "UINT64",
  "LIST",
  "MAP",
  "NULL",
  "TYPE",
  "DYNAMIC",
];
