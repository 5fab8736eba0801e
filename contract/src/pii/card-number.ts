type Issuer = { readonly from: number; readonly to: number; readonly lengths: readonly number[] };

/** Four leading digits and the lengths that the schemes issue under them (ISO/IEC 7812 ranges as published by each). */
const ISSUERS: readonly Issuer[] = [
  { from: 4000, to: 4999, lengths: [13, 16, 19] }, // Visa
  { from: 5100, to: 5599, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16] }, // Mastercard
  { from: 3400, to: 3499, lengths: [15] }, // American Express
  { from: 3700, to: 3799, lengths: [15] }, // American Express
  { from: 3000, to: 3059, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 3600, to: 3699, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 3800, to: 3999, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 3528, to: 3589, lengths: [16, 17, 18, 19] }, // JCB
  { from: 6011, to: 6011, lengths: [16, 17, 18, 19] }, // Discover
  { from: 6440, to: 6599, lengths: [16, 17, 18, 19] }, // Discover
  { from: 6200, to: 6299, lengths: [16, 17, 18, 19] }, // UnionPay
  { from: 8100, to: 8199, lengths: [16, 17, 18, 19] }, // UnionPay
  { from: 5018, to: 5018, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: 5020, to: 5020, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: 5038, to: 5038, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: 5893, to: 5893, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: 6304, to: 6304, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: 6759, to: 6763, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
];

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** Digits with nothing but usual separators in between; anchored by nothing, so it is also the quick "no". */
const DIGIT_RUN = /\d(?:[ ._-]{0,3}\d){12,}/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const HEX_HASH = /(?<![0-9A-Za-z])(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{24,}(?![0-9A-Za-z])/g;

/** The check digit of ISO/IEC 7812-1, annex B, over a text of digits. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** True for digits that can be a card number: an issuer's prefix with one of its lengths, and the check digit. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return false;
  const prefix = Number(digits.slice(0, 4));
  const issued = ISSUERS.some(
    (issuer) => prefix >= issuer.from && prefix <= issuer.to && issuer.lengths.includes(digits.length),
  );
  return issued && passesLuhn(digits);
}

/**
 * True when a text contains a card number, written in one piece, in groups, or digit by digit. A uuid and a hex
 * hash are not looked into: their digits are noise.
 */
export function hasCardNumber(text: string): boolean {
  if (text.search(DIGIT_RUN) < 0) return false;
  const bare = text.replace(UUID, 'uuid').replace(HEX_HASH, 'hash');
  return (bare.match(DIGIT_RUN) ?? []).some(runHasCardNumber);
}

function runHasCardNumber(run: string): boolean {
  const groups = run.split(/[ ._-]+/);
  return groups.some((_, first) => groupsHaveCardNumber(groups, first));
}

/** Joins groups from `first` on as people write cards: 4-4-4-4, 4-6-5, 4-6-4, or one digit at a time. */
function groupsHaveCardNumber(groups: readonly string[], first: number): boolean {
  let digits = '';
  for (let index = first; index < groups.length; index += 1) {
    const group = groups[index] ?? '';
    if (index > first && !continuesCard(groups[first] ?? '', group)) return false;
    digits += group;
    if (digits.length > MAX_DIGITS) return false;
    if (isCardNumber(digits)) return true;
  }
  return false;
}

function continuesCard(firstGroup: string, group: string): boolean {
  if (firstGroup.length === 1) return group.length === 1;
  return firstGroup.length === 4 && group.length <= 6;
}
