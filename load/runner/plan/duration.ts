const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};
const PART = /(\d+(?:\.\d+)?)(d|h|ms|m|s|us|µs|ns)/gy;

/**
 * Milliseconds of a duration as k6 takes it: `1m30s`, `250ms`, or a number, which is milliseconds.
 * @throws RangeError when it is none
 */
export function durationMs(value: string | number): number {
  if (typeof value === 'number') return checked(value, value);
  let ms = 0;
  let end = 0;
  for (const [part, amount = '', unit = ''] of value.matchAll(PART)) {
    ms += Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
    end += part.length;
  }
  if (end === value.length && end > 0) return checked(ms, value);
  return checked(value.trim() === '' ? Number.NaN : Number(value), value);
}

function checked(ms: number, given: string | number): number {
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new RangeError(`${JSON.stringify(given)} is no duration: write 30s, 1m30s or 250ms`);
}
