import { formatMoney, minorUnitsOf } from '@scholar/runtime/money';

/**
 * A scholarship as the pages show it. `fields` and `regions` are the catalogue's own words (`computer-science`),
 * `deadline` is YYYY-MM-DD, `amount` is a currency and a decimal: "USD 4,900.50".
 */
export type Scholarship = {
  scholarshipId: string;
  slug: string;
  title: string;
  summary: string;
  fields: string[];
  regions: string[];
  amount: string | null;
  deadline: string | null;
};

/** The parts of an amount; one that is written otherwise is left out rather than guessed. */
export function amountOf(amount: string | null): { currency: string; value: number } | undefined {
  const [, currency, value] = /^([A-Z]{3}) ([\d,]+(?:\.\d+)?)$/.exec(amount ?? '') ?? [];
  if (!currency || !value) return undefined;
  return { currency, value: Number(value.replaceAll(',', '')) };
}

/** An amount as every page writes it: "$4,900.50". */
export function amountInWords(amount: string | null): string | undefined {
  const parts = amountOf(amount);
  if (parts === undefined) return undefined;
  const { currency, value } = parts;
  return formatMoney(Math.round(value * 10 ** minorUnitsOf(currency)), currency, 'amount');
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** YYYY-MM-DD as people read it: "1 March 2027". */
export function dayInWords(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}
