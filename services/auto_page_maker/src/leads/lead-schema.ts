import { z } from 'zod';
import { SLUG_PATTERN } from '../catalogue/slug.ts';

const blankIsAbsent = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

/** Longest address that SMTP can carry (RFC 5321 as corrected by erratum 1690), in characters. */
const MAX_EMAIL = 254;

/** What a visitor may send, as JSON or as a form; the address is normalised as scholar_auth does it. */
export const leadSchema = z.object({
  email: z
    .string({ error: 'Please enter your e-mail address' })
    .transform((value) => value.trim().normalize('NFC').toLowerCase())
    .pipe(
      z
        .string()
        .min(1, 'Please enter your e-mail address')
        .pipe(
          z
            .email('This is not an e-mail address. It should look like name@example.org')
            .max(MAX_EMAIL, `An e-mail address has at most ${MAX_EMAIL} characters`),
        ),
    ),
  name: z.preprocess(
    blankIsAbsent,
    z
      .string({ error: 'A name is text' })
      .trim()
      .max(120, 'Please keep the name under 120 characters')
      .optional(),
  ),
  scholarship_id: z.preprocess(
    blankIsAbsent,
    z
      .string({ error: 'the id of a scholarship' })
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'the id of a scholarship')
      .optional(),
  ),
  page: z.preprocess(
    blankIsAbsent,
    z.string({ error: 'the slug of a page' }).regex(SLUG_PATTERN, 'the slug of a page').optional(),
  ),
});

export type LeadInput = z.infer<typeof leadSchema>;
