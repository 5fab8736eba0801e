/** PostgreSQL refuses year 0 and an offset of 16 hours, and one refused row would fail a whole batch. */
const SHAPE =
  /^(?!0000)(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/;

/** The shape as a regular expression for the JSON Schema; `isInstant` also checks the calendar. */
export const INSTANT_PATTERN = SHAPE.source;

function daysInMonth(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * True for an ISO-8601 instant with seconds and an offset (the profile of RFC 3339), at most nine digits of a
 * fraction, years 0001 to 9999: exactly what both JavaScript and PostgreSQL can read.
 */
export function isInstant(value: string): boolean {
  const [shape, year, month, day] = SHAPE.exec(value) ?? [];
  if (shape === undefined) return false;
  return Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month));
}
