/**
 * `price`: what is charged or given back, always with its minor units: `$49.00`. `amount`: what a scholarship pays, without
 * them where they are nothing: `$2,500`, `$2,500.50`.
 */
export type MoneyStyle = 'price' | 'amount';

type Format = { text: Intl.NumberFormat; minorUnits: number };

/** By style and currency: making one takes longer than all else. A currency is three letters, so they are not endless. */
const formats = new Map<string, Format>();

/**
 * `4900, USD` → `$49.00`, `4900, JPY` → `¥4,900`: money as people read it, in English, the same on every page.
 * @param amount an integer in the smallest unit of the currency, as Stripe counts and columns named `_cents` hold it
 * @param currency ISO 4217, in any letter case; a code that is none of three letters is written as it stands, with cents
 */
export function formatMoney(amount: number, currency: string, style: MoneyStyle): string {
  // XXX is "no currency", whose sign gives way to what stands here.
  if (!/^[A-Za-z]{3}$/.test(currency))
    return formatMoney(amount, 'XXX', style).replace('¤', () => `${currency} `);
  const { text, minorUnits } = formatOf(currency.toUpperCase(), style);
  return text.format(amount / 10 ** minorUnits);
}

/** How many digits the smallest unit of a currency stands behind the point: 2 for USD, 0 for JPY. */
export function minorUnitsOf(currency: string): number {
  return /^[A-Za-z]{3}$/.test(currency) ? formatOf(currency.toUpperCase(), 'price').minorUnits : 2;
}

function formatOf(currency: string, style: MoneyStyle): Format {
  const key = `${style} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const text = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    trailingZeroDisplay: style === 'amount' ? 'stripIfInteger' : 'auto',
  });
  const made = { text, minorUnits: text.resolvedOptions().maximumFractionDigits ?? 2 };
  formats.set(key, made);
  return made;
}
