const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;

/** The shape as a regular expression for the JSON Schema; `isInstant` also checks the calendar. */
export const INSTANT_PATTERN = SHAPE.source;

/** PostgreSQL refuses a larger displacement, and one refused row would fail the whole batch. */
const MAX_OFFSET_HOURS = 15;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * True for an ISO-8601 instant with seconds and an offset (the profile of RFC 3339), at most nine digits of a
 * fraction, years 0001 to 9999: exactly what both JavaScript and PostgreSQL can read.
 */
export function isInstant(value: string): boolean {
  const parts = SHAPE.exec(value);
  if (parts === null) return false;
  const at = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day] = [at(1), at(2), at(3)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  return at(4) < 24 && at(5) < 60 && at(6) < 60 && at(7) <= MAX_OFFSET_HOURS && at(8) < 60;
}
