import type { DegreeLevel } from '@scholar/runtime/catalogue';
import { inWords, regionInWords } from '@scholar/runtime/catalogue';
import type { Scholarship } from '../catalogue/scholarship.ts';
import type { Applicant } from './profile.ts';

/**
 * `open`: the scholarship does not ask. `met`, `failed`: it asks, and the profile answers. `unknown`: it asks, and
 * the profile says nothing; the student may still fit.
 */
export type Judgement = 'open' | 'met' | 'unknown' | 'failed';

/** A hard rule: a scholarship that fails one is not for this student, however well the rest fits. */
export type Requirement = {
  name: 'deadline' | 'degree' | 'field' | 'region' | 'citizenship' | 'gpa' | 'income_band' | 'age';
  /** What `judge` reads of a scholarship, and nothing else: it is asked once for all that are alike in this. */
  reads: readonly (keyof Scholarship)[];
  judge(scholarship: Scholarship, applicant: Applicant): Judgement;
  /** Said when met. */
  why(scholarship: Scholarship, applicant: Applicant): string;
  /** Said when unknown: what the student should tell, and what is asked. */
  missing(scholarship: Scholarship): string;
  /** Said when failed by little: what is missing. Undefined when it is more than that; without it no failure is small. */
  nearly?(scholarship: Scholarship, applicant: Applicant): string | undefined;
};

/** The hard rules, cheapest and most telling first. The order is also that of the reasons in an answer. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    name: 'deadline',
    reads: ['deadline'],
    judge: ({ deadline }, { today }) => (deadline === null ? 'open' : deadline >= today ? 'met' : 'failed'),
    why: ({ deadline }) => `Applications are open until ${deadline}.`,
    missing: () => '',
  },
  {
    name: 'degree',
    reads: ['degree_levels'],
    judge: ({ degree_levels }, { degree }) => judgeList(degree_levels, degree),
    why: (_scholarship, { degree }) => `It supports your level of study (${inWords(degree ?? '')}).`,
    missing: ({ degree_levels }) => `Your level of study: it supports ${listed(degree_levels)}.`,
    nearly: ({ degree_levels }, { degree }) => {
      const next = degree && NEXT_LEVEL[degree];
      if (!next || !degree_levels.includes(next)) return undefined;
      return `It is for the level after yours (${inWords(next)}).`;
    },
  },
  {
    name: 'field',
    reads: ['fields_of_study'],
    judge: ({ fields_of_study }, { field }) => judgeList(fields_of_study, field),
    why: (_scholarship, { field }) => `It supports your field (${inWords(field ?? '')}).`,
    missing: ({ fields_of_study }) => `Your field of study: it supports ${listed(fields_of_study)}.`,
  },
  {
    name: 'region',
    reads: ['regions'],
    judge: ({ regions }, { region }) => judgeList(regions, region),
    why: (_scholarship, { region }) => `It is for your region (${regionInWords(region ?? '')}).`,
    missing: ({ regions }) => `Your region: it is for ${listed(regions, regionInWords)}.`,
  },
  {
    name: 'citizenship',
    reads: ['citizenships'],
    judge: ({ citizenships }, { citizenship }) => judgeList(citizenships, citizenship),
    why: (_scholarship, { citizenship }) => `It is open to citizens of ${citizenship}.`,
    missing: ({ citizenships }) => `Your citizenship: it is open to citizens of ${citizenships.join(', ')}.`,
  },
  {
    name: 'gpa',
    reads: ['min_gpa'],
    judge: ({ min_gpa }, { gpa }) => {
      if (min_gpa === null) return 'open';
      if (gpa === undefined) return 'unknown';
      return gpa >= min_gpa ? 'met' : 'failed';
    },
    why: ({ min_gpa }, { gpa }) => `Your GPA of ${gpa} reaches the ${min_gpa} that it asks for.`,
    missing: ({ min_gpa }) => `Your GPA: it asks for at least ${min_gpa}.`,
    nearly: ({ min_gpa }, { gpa }) => {
      if (min_gpa === null || gpa === undefined) return undefined;
      // In hundredths: 3.3 - 3 is more than 0.3 in floating point.
      const short = Math.ceil((min_gpa - gpa) * 100 - 1e-6);
      if (short > SMALL_GPA_GAP * 100) return undefined;
      return `It asks for a GPA of at least ${min_gpa}: yours is ${short / 100} below.`;
    },
  },
  {
    name: 'income_band',
    reads: ['max_income_band'],
    judge: ({ max_income_band }, { income_band }) => {
      if (max_income_band === null || max_income_band >= 5) return 'open';
      if (income_band === undefined) return 'unknown';
      return income_band <= max_income_band ? 'met' : 'failed';
    },
    why: () => 'Your family income is within its limit.',
    missing: ({ max_income_band }) => `Your income band: it is for bands 1 to ${max_income_band} of 5.`,
    nearly: ({ max_income_band }, { income_band }) => {
      if (max_income_band === null || income_band !== max_income_band + 1) return undefined;
      return `It is for income bands 1 to ${max_income_band} of 5: yours is the next.`;
    },
  },
  {
    name: 'age',
    reads: ['min_age', 'max_age'],
    judge: ({ min_age, max_age }, { age }) => {
      if (min_age === null && max_age === null) return 'open';
      if (age === undefined) return 'unknown';
      return age >= (min_age ?? 0) && age <= (max_age ?? Number.POSITIVE_INFINITY) ? 'met' : 'failed';
    },
    why: (scholarship) => `Your age fits (${ageRange(scholarship)}).`,
    missing: (scholarship) => `Your age: it is for applicants ${ageRange(scholarship)}.`,
    nearly: (scholarship, { age }) => {
      if (age === undefined) return undefined;
      const { min_age, max_age } = scholarship;
      if (min_age !== null && age === min_age - 1)
        return `It is for applicants ${ageRange(scholarship)}: you are one year too young.`;
      if (max_age !== null && age === max_age + 1)
        return `It is for applicants ${ageRange(scholarship)}: you are one year too old.`;
      return undefined;
    },
  },
];

/** The most by which a GPA may be below what is asked and still be a near miss: a good term may close it. */
const SMALL_GPA_GAP = 0.3;

/** What people study after a level. */
const NEXT_LEVEL: Partial<Record<DegreeLevel, DegreeLevel>> = {
  'high-school': 'bachelor',
  vocational: 'associate',
  associate: 'bachelor',
  bachelor: 'master',
  master: 'doctorate',
};

function judgeList(allowed: readonly string[], given: string | undefined): Judgement {
  if (allowed.length === 0) return 'open';
  if (given === undefined) return 'unknown';
  return allowed.includes(given) ? 'met' : 'failed';
}

const SHOWN = 5;

function listed(words: readonly string[], told = inWords): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return words.slice(0, SHOWN).map(told).join(', ') + more;
}

function ageRange({ min_age, max_age }: Scholarship): string {
  if (min_age === null) return `up to ${max_age}`;
  return max_age === null ? `from ${min_age}` : `${min_age} to ${max_age}`;
}
