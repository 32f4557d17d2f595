// Durations as cases write them.

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1.5s` as milliseconds; 0 where nothing stands. The schema has checked the form. */
export function durationMs(text: string | undefined): number {
  const match = /^([0-9.]+)(ms|s|m|h)$/.exec(text ?? '');
  return match === null ? 0 : Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}
