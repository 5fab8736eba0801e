/** https://docs.stripe.com/currencies#zero-decimal without UGX, see below. */
const WHOLE = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** https://docs.stripe.com/currencies#three-decimal */
const THOUSANDTHS = new Set('BHD JOD KWD OMR TND'.split(' '));

/**
 * How many digits of an amount stand behind the point: 2 for USD, 0 for JPY, 3 for KWD. As Stripe counts, not as ISO 4217 or
 * people do: 5 of ISK and of UGX are 500 (https://docs.stripe.com/currencies#special-cases), and HUF has cents.
 * @param currency ISO 4217, in any letter case; 2 for a code that is none
 */
export function minorUnitsOf(currency: string): number {
  const code = currency.toUpperCase();
  if (WHOLE.has(code)) return 0;
  return THOUSANDTHS.has(code) ? 3 : 2;
}
