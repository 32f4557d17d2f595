// Durations of the tables → nanoseconds, so that a typed attribute can hold them.

const UNIT_NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of `1h2m3s` or of a number. */
export function nanosecondsOf(value: unknown): bigint {
  if (typeof value !== 'string') return BigInt(String(value));
  if (/^-?\d+$/.test(value)) return BigInt(value);
  const sum = [...value.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce(
    (total, [, number, unit]) => total + Number(number) * (UNIT_NANOSECONDS[unit ?? ''] ?? NaN),
    0,
  );
  return BigInt(Math.round(value.startsWith('-') ? -sum : sum));
}
