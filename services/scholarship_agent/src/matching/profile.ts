import { DEGREE_LEVELS, type DegreeLevel } from '@scholar/runtime/catalogue';
import { z } from 'zod';

/** What people write for a level of study, beside the catalogue's own words. */
const DEGREE_ALIASES: Readonly<Record<string, DegreeLevel>> = {
  highschool: 'high-school',
  bachelors: 'bachelor',
  undergraduate: 'bachelor',
  masters: 'master',
  graduate: 'master',
  doctoral: 'doctorate',
  phd: 'doctorate',
};

const DEGREE_EXPECTED = `one of ${DEGREE_LEVELS.join(', ')}`;

/** "Computer Science " and "computer_science" become the catalogue's "computer-science". */
function toWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/['’.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** Absent, null and empty all mean "the student does not say". */
function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());
}

const word = z
  .string('text')
  .max(60, 'at most 60 characters')
  .transform((text) => toWord(text) || undefined);

const degree = z.string(DEGREE_EXPECTED).transform((text, context) => {
  const given = toWord(text);
  const level = DEGREE_ALIASES[given] ?? DEGREE_LEVELS.find((known) => known === given);
  if (level === undefined) context.addIssue({ code: 'custom', message: DEGREE_EXPECTED });
  return level;
});

/** What a student says about themself. Nothing of it is needed, everything makes the matches better. */
export const profileSchema = z.object({
  degree: optional(degree),
  field: optional(word),
  region: optional(word),
  citizenship: optional(
    z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, 'an ISO 3166 country code of two letters'),
  ),
  /** On the scale of 4.0. */
  gpa: optional(
    z.number('a number from 0 to 4').min(0, 'a number from 0 to 4').max(4, 'a number from 0 to 4'),
  ),
  /** 1 = the lowest fifth of family income … 5 = the highest. */
  income_band: optional(
    z.int('a number from 1 to 5').min(1, 'a number from 1 to 5').max(5, 'a number from 1 to 5'),
  ),
  age: optional(
    z.int('years, from 0 to 120').min(0, 'years, from 0 to 120').max(120, 'years, from 0 to 120'),
  ),
});

export type Profile = z.output<typeof profileSchema>;

/** A profile on the day of the matching: deadlines are judged by it. */
export type Applicant = Profile & {
  /** YYYY-MM-DD, in UTC. */
  today: string;
};
