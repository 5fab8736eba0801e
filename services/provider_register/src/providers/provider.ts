import { z } from 'zod';

const emptyAsUndefined = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

/** What a provider says about itself, from JSON or from the form (where an empty field is an absent one). */
export const providerInput = z.object({
  name: z
    .string({ error: 'the name of your organisation' })
    .trim()
    .min(1, 'the name of your organisation')
    .min(2, 'at least 2 characters')
    .max(200, 'at most 200 characters'),
  email: z
    .string({ error: 'an e-mail address' })
    .trim()
    .toLowerCase()
    .pipe(z.email('an e-mail address, such as name@example.org').max(254, 'at most 254 characters')),
  website: z.preprocess(
    emptyAsUndefined,
    z
      .url({ protocol: /^https?$/, error: 'an address that begins with https://' })
      .max(500)
      .optional(),
  ),
  country: z.preprocess(
    (value) => (typeof value === 'string' ? emptyAsUndefined(value.trim().toUpperCase()) : value),
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'a country code of two letters, such as US')
      .optional(),
  ),
});

export type ProviderInput = z.output<typeof providerInput>;

export type Provider = {
  id: string;
  name: string;
  website: string | null;
  country: string | null;
  created_at: Date;
};

/** What stands in the place of an erased name or address: both columns ask for a text. */
export const ERASED = '[erased]';

/** What stands in the place of the address of who registered a provider that somebody else's account manages. */
export const OF_ACCOUNT = '[of its account]';

/** The first fault of each field, for the text beside it. */
export function fieldErrors(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? '');
    errors[name] ??= `Expected: ${issue.message}.`;
  }
  return errors;
}
