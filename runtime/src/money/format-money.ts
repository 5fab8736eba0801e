import { minorUnitsOf } from './minor-units.ts';

/**
 * `price`: what is charged or given back, always with its minor units: `$49.00`. `amount`: what a scholarship pays, without
 * them where they are nothing: `$2,500`, `$2,500.50`.
 */
export type MoneyStyle = 'price' | 'amount';

/** By style and currency: making one takes longer than all else. A currency is three letters, so they are not endless. */
const formats = new Map<string, Intl.NumberFormat>();

/**
 * `4900, USD` → `$49.00`, `4900, JPY` → `¥4,900`: money as people read it, in English, the same on every page.
 * @param amount an integer in the smallest unit of the currency, as Stripe counts and columns named `_cents` hold it
 * @param currency ISO 4217, in any letter case; a code that is none of three letters is written as it stands, with cents
 */
export function formatMoney(amount: number, currency: string, style: MoneyStyle): string {
  // XXX is "no currency", whose sign gives way to what stands here.
  if (!/^[A-Za-z]{3}$/.test(currency))
    return formatMoney(amount, 'XXX', style).replace('¤', () => `${currency} `);
  return formatOf(currency.toUpperCase(), style).format(amount / 10 ** minorUnitsOf(currency));
}

function formatOf(currency: string, style: MoneyStyle): Intl.NumberFormat {
  const key = `${style} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  // Of its own accord Intl takes what people write, which for some currencies are fewer digits than amounts have.
  const digits = minorUnitsOf(currency);
  const made = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    trailingZeroDisplay: style === 'amount' ? 'stripIfInteger' : 'auto',
  });
  formats.set(key, made);
  return made;
}
