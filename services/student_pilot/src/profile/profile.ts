import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { z } from 'zod';

const NUMBER = /^\d{1,4}([.,]\d{1,4})?$/;

/** Forms send text, programs send numbers; nothing, null and blanks all mean "not said". */
function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => {
    const text = typeof value === 'string' ? value.trim() : value;
    return text === '' || text === null ? undefined : text;
  }, schema.optional());
}

function number(schema: z.ZodType<number>) {
  return z.preprocess(
    (value) => (typeof value === 'string' && NUMBER.test(value) ? Number(value.replace(',', '.')) : value),
    schema,
  );
}

const words = (example: string) => z.string(`words, such as ${example}`).max(60, 'at most 60 characters');

const GPA = 'a number from 0 to 4, such as 3.6';
const BAND = 'a band from 1 to 5';
const AGE = 'your age in years, from 0 to 120';

/** What a student says about themself; scholarship_agent reads the same keys. Messages complete "This has to be …". */
export const profileSchema = z.object({
  degree: optional(z.enum(DEGREE_LEVELS, `one of ${DEGREE_LEVELS.join(', ')}`)),
  field: optional(words('computer science')),
  region: optional(words('new york')),
  citizenship: optional(
    z
      .string('a country code of two letters, such as US')
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, 'a country code of two letters, such as US'),
  ),
  gpa: optional(number(z.number(GPA).min(0, GPA).max(4, GPA))),
  income_band: optional(number(z.int(BAND).min(1, BAND).max(5, BAND))),
  age: optional(number(z.int(AGE).min(0, AGE).max(120, AGE))),
});

export type Profile = z.output<typeof profileSchema>;

export type ProfileKey = keyof Profile;

export const PROFILE_KEYS = Object.keys(profileSchema.shape) as readonly ProfileKey[];

/** What a form shows: values as they were typed, and what is wrong with which. */
export type ProfileForm = {
  values: Partial<Record<ProfileKey, string>>;
  errors: Partial<Record<ProfileKey, string>>;
};

/** Judges a form; `profile` is undefined when something is wrong. */
export function readProfileForm(body: unknown): { profile: Profile | undefined; form: ProfileForm } {
  const fields = z.record(z.string(), z.unknown()).catch({}).parse(body);
  const values: ProfileForm['values'] = {};
  for (const key of PROFILE_KEYS) {
    const value = fields[key];
    if (typeof value === 'string') values[key] = value;
  }
  const parsed = profileSchema.safeParse(values);
  const errors: ProfileForm['errors'] = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const key = PROFILE_KEYS.find((known) => known === path[0]);
    if (key) errors[key] ??= `This has to be ${message}.`;
  }
  return { profile: parsed.data, form: { values, errors } };
}

/** A stored profile as a form that is filled in. */
export function toForm(profile: Profile): ProfileForm {
  const known = PROFILE_KEYS.filter((key) => profile[key] !== undefined);
  return { values: Object.fromEntries(known.map((key) => [key, String(profile[key])])), errors: {} };
}
