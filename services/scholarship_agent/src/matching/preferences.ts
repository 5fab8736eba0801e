import { minorUnitsOf } from '@scholar/runtime/money';
import type { Scholarship } from '../catalogue/scholarship.ts';
import type { Applicant } from './profile.ts';

/** A soft rule: how good a scholarship is for a student who may apply. */
export type Preference = {
  name: string;
  /** Its share of a score of 100. */
  weight: number;
  /** What `value` reads of a scholarship, and nothing else: it is asked once for all that are alike in this. */
  reads: readonly (keyof Scholarship)[];
  /** 0 (says nothing for it) to 1 (could not be better). */
  value(scholarship: Scholarship, applicant: Applicant): number;
};

/** What each thing that the profile leaves open costs: a sure match stands above a possible one. */
export const UNKNOWN_COST = 6;

const DAY_MS = 86_400_000;
/** A good application takes about a month; more time than that is not better. */
const AMPLE_DAYS = 30;
/** 10^5 units of money: the logarithm below reaches 1 there. */
const LARGE_AMOUNT_LOG10 = 5;

/**
 * The soft rules; the weights add up to 100. The narrower the circle that a scholarship is meant for, the fewer
 * compete for it, so a narrow one that fits is worth more than one that is open to all.
 */
export const PREFERENCES: readonly Preference[] = [
  {
    name: 'field',
    reads: ['fields_of_study'],
    weight: 28,
    value: (s, a) => narrowness(s.fields_of_study, a.field),
  },
  {
    name: 'region',
    reads: ['regions'],
    weight: 14,
    value: (s, a) => narrowness(s.regions, a.region),
  },
  {
    name: 'degree',
    reads: ['degree_levels'],
    weight: 10,
    value: (s, a) => narrowness(s.degree_levels, a.degree),
  },
  {
    name: 'citizenship',
    reads: ['citizenships'],
    weight: 4,
    value: (s, a) => narrowness(s.citizenships, a.citizenship),
  },
  {
    name: 'merit',
    reads: ['min_gpa'],
    weight: 8,
    value: (s, a) => (s.min_gpa === null || a.gpa === undefined ? 0 : s.min_gpa / 4),
  },
  {
    name: 'need',
    reads: ['max_income_band'],
    weight: 8,
    value: (s, a) =>
      s.max_income_band === null || a.income_band === undefined ? 0 : (6 - s.max_income_band) / 5,
  },
  {
    name: 'amount',
    reads: ['amount_cents', 'currency'],
    weight: 20,
    // Nominal, whatever the currency: rates would make the order depend on the day.
    value: ({ amount_cents: amount, currency }) =>
      Math.min(1, Math.log10(1 + amount / 10 ** minorUnitsOf(currency)) / LARGE_AMOUNT_LOG10),
  },
  {
    name: 'time',
    reads: ['deadline'],
    weight: 8,
    value: (s, a) => (s.deadline === null ? 1 : Math.min(1, daysBetween(a.today, s.deadline) / AMPLE_DAYS)),
  },
];

/** 1 for a list of one that holds the given word, less for longer lists, 0 for no restriction. */
function narrowness(allowed: readonly string[], given: string | undefined): number {
  if (given === undefined || allowed.length === 0 || !allowed.includes(given)) return 0;
  return 1 / Math.sqrt(allowed.length);
}

function daysBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / DAY_MS);
}
