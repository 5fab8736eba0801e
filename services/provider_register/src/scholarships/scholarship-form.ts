import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { minorUnitsOf } from '@scholar/runtime/money';
import { textOf } from '@scholar/runtime/sign-in';
import type { Scholarship, ScholarshipInput } from './catalogue-api.ts';

export const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD', 'AUD'] as const;

const TEXT_FIELDS = [
  ...(['title', 'description', 'url', 'amount_cents', 'currency', 'deadline'] as const),
  ...(['fields_of_study', 'regions', 'citizenships'] as const),
  ...(['min_gpa', 'max_income_band', 'min_age', 'max_age'] as const),
];

export type TextField = (typeof TEXT_FIELDS)[number];

/** A form as it was sent, and what is wrong with which field; the empty name is for what belongs to none. */
export type ScholarshipForm = {
  values: Partial<Record<TextField, string>>;
  degreeLevels: readonly string[];
  errors: Readonly<Record<string, string>>;
};

export const EMPTY_FORM: ScholarshipForm = { values: { currency: 'USD' }, degreeLevels: [], errors: {} };

/**
 * What a form says, as scholarship_api takes it; `input` is undefined when something cannot be read or is missing. What
 * a scholarship may be is judged there, once for everybody.
 */
export function readForm(body: unknown): { input: ScholarshipInput | undefined; form: ScholarshipForm } {
  const values: ScholarshipForm['values'] = {};
  for (const name of TEXT_FIELDS) values[name] = textOf(body, name).trim();
  const degreeLevels = listOf(body, 'degree_levels').filter((level) =>
    (DEGREE_LEVELS as readonly string[]).includes(level),
  );
  const errors: Record<string, string> = {};
  const units = minorUnitsOf(values.currency || 'USD');
  const amount = smallestUnitsOf(values.amount_cents, units);
  const input: ScholarshipInput = {
    title: values.title ?? '',
    description: values.description ?? '',
    url: values.url || null,
    currency: values.currency || 'USD',
    deadline: values.deadline || null,
    degree_levels: degreeLevels,
    fields_of_study: wordsOf(values.fields_of_study),
    regions: wordsOf(values.regions),
    citizenships: codesOf(values.citizenships),
    amount_cents: amount ?? 0,
    min_gpa: numberOf('min_gpa'),
    max_income_band: numberOf('max_income_band'),
    min_age: numberOf('min_age'),
    max_age: numberOf('max_age'),
  };
  if (input.title.length < 3) errors['title'] = 'Give it a title of at least 3 characters.';
  if (input.description === '') errors['description'] = 'Say what it is for and who may have it.';
  if (amount === undefined) errors['amount_cents'] = notAnAmount(units);
  return {
    input: Object.keys(errors).length === 0 ? input : undefined,
    form: { values, degreeLevels, errors },
  };

  function numberOf(name: 'min_gpa' | 'max_income_band' | 'min_age' | 'max_age'): number | null {
    const text = values[name] ?? '';
    if (text === '') return null;
    if (/^\d{1,3}([.,]\d{1,2})?$/.test(text)) return Number(text.replace(',', '.'));
    errors[name] = name === 'min_gpa' ? 'This has to be a number, such as 3.5.' : 'This has to be a number.';
    return null;
  }
}

/** A stored scholarship as a form that is filled in. */
export function toForm(scholarship: Scholarship): ScholarshipForm {
  const number = (value: number | null) => (value === null ? '' : String(value));
  return {
    values: {
      title: scholarship.title,
      description: scholarship.description,
      url: scholarship.url ?? '',
      amount_cents: decimalOf(scholarship.amount_cents, minorUnitsOf(scholarship.currency)),
      currency: scholarship.currency,
      deadline: scholarship.deadline ?? '',
      fields_of_study: scholarship.fields_of_study.join(', '),
      regions: scholarship.regions.join(', '),
      citizenships: scholarship.citizenships.join(', '),
      min_gpa: number(scholarship.min_gpa),
      max_income_band: number(scholarship.max_income_band),
      min_age: number(scholarship.min_age),
      max_age: number(scholarship.max_age),
    },
    degreeLevels: scholarship.degree_levels,
    errors: {},
  };
}

/** A box that is ticked alone comes as a text, several come as a list. */
function listOf(body: unknown, name: string): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const value: unknown = Reflect.get(body, name);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** "Computer Science, law" → computer-science, law: as the catalogue names fields and regions. */
function wordsOf(text = ''): string[] {
  const words = text.split(/[,;\n]/).map((part) =>
    part
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\p{Diacritic}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  return [...new Set(words)].filter((word) => word !== '');
}

function codesOf(text = ''): string[] {
  return [...new Set(text.toUpperCase().split(/[^A-Z]+/))].filter((code) => code !== '');
}

function notAnAmount(units: number): string {
  const exact = units === 0 ? '' : ` or ${decimalOf(2500.5 * 10 ** units, units)}`;
  return `This has to be an amount, such as 2500${exact}.`;
}

/** `250050` with two digits behind the point is "2500.50"; a whole amount is written without them. */
function decimalOf(amount: number, units: number): string {
  const value = amount / 10 ** units;
  return Number.isInteger(value) ? String(value) : value.toFixed(units);
}

/**
 * An amount with point or comma in the smallest unit of its currency, which has so many digits behind the point; "2,500"
 * with its group of three is two and a half thousand.
 */
function smallestUnitsOf(text = '', units: number): number | undefined {
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text.replace(',', '.');
  const parts = /^\d{1,8}(?:\.(\d+))?$/.exec(plain);
  if (parts === null || (parts[1] ?? '').length > units) return undefined;
  return Math.round(Number(plain) * 10 ** units);
}
