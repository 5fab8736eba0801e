/** Three, two and four digits with one separator throughout, in ranges that the SSA issues (20 CFR 422.103). */
const GROUPED = /(?<!\d)(?<!\d-)(?!000|666|9\d\d)\d{3}([- .])(?!00)\d\d\1(?!0000)\d{4}(?!-?\d)/;
const ANNOUNCED =
  /(?:\bssn|social[ _-]security)[^0-9]{0,20}(?!000|666|9\d\d)\d{3}(?!00)\d\d(?!0000)\d{4}(?!\d)/i;

/** True when a text contains a US social security number; nine digits in one piece count only where the text says so. */
export function hasSocialSecurityNumber(text: string): boolean {
  return GROUPED.test(text) || ANNOUNCED.test(text);
}
