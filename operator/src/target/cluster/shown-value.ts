const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Pure: a value of a pod template as the process shows it in /running once it has read it: durations in milliseconds,
 * addresses without trailing slashes (runtime's settings). Everything else stays as it is.
 */
export function asProcessShows(value: string): string {
  const duration = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/u.exec(value);
  if (duration !== null) return String(Math.round(Number(duration[1]) * (UNIT_MS[duration[2] ?? ''] ?? 1)));
  return /^https?:\/\//u.test(value) ? value.replace(/\/+$/u, '') : value;
}
