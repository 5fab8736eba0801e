type Issuer = readonly [fromPrefix: number, toPrefix: number, lengths: readonly number[]];

const SIXTEEN_UP = [16, 17, 18, 19];
const THIRTEEN_UP = [13, 14, 15, ...SIXTEEN_UP];

/** Four leading digits and the lengths that are issued under them (ISO/IEC 7812 ranges as the schemes publish them). */
const ISSUERS: readonly Issuer[] = [
  [4000, 4999, [13, 16, 19]], // Visa
  [5100, 5599, [16]], // Mastercard
  [2221, 2720, [16]], // Mastercard
  [3400, 3499, [15]], // American Express
  [3700, 3799, [15]], // American Express
  [3000, 3059, [14, ...SIXTEEN_UP]], // Diners Club
  [3095, 3095, [14, ...SIXTEEN_UP]], // Diners Club
  [3600, 3699, [14, ...SIXTEEN_UP]], // Diners Club
  [3800, 3999, [14, ...SIXTEEN_UP]], // Diners Club
  [3528, 3589, SIXTEEN_UP], // JCB
  [6011, 6011, SIXTEEN_UP], // Discover
  [6440, 6599, SIXTEEN_UP], // Discover
  [6200, 6299, SIXTEEN_UP], // UnionPay
  [8100, 8199, SIXTEEN_UP], // UnionPay
  [5018, 5018, THIRTEEN_UP], // Maestro
  [5020, 5020, THIRTEEN_UP], // Maestro
  [5038, 5038, THIRTEEN_UP], // Maestro
  [5893, 5893, THIRTEEN_UP], // Maestro
  [6304, 6304, THIRTEEN_UP], // Maestro
  [6759, 6763, THIRTEEN_UP], // Maestro
];

/** Bit n of entry p: numbers of n digits that begin with p are issued. A thousand separators cost nothing this way. */
const ISSUED_LENGTHS = new Uint32Array(10_000);
for (const [from, to, lengths] of ISSUERS) {
  for (let prefix = from; prefix <= to; prefix += 1) {
    for (const length of lengths) ISSUED_LENGTHS[prefix] = (ISSUED_LENGTHS[prefix] ?? 0) | (1 << length);
  }
}

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
  const lengths = ISSUED_LENGTHS[Number(digits.slice(0, 4))] ?? 0;
  return (lengths & (1 << digits.length)) !== 0 && passesLuhn(digits);
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
