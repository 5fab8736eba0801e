import { z } from 'zod';
import { normalizeEmail } from '../email/email-vault.ts';
import { isLeaked } from '../password/leaked-list.ts';
import { newPasswordSchema as schemaOf } from '../password/new-password.ts';

/** Longest address that SMTP can carry (RFC 5321 as corrected by erratum 1690), in characters. */
const MAX_EMAIL = 254;

export const emailSchema = z
  .string({ error: 'an e-mail address' })
  .transform(normalizeEmail)
  .pipe(
    z
      .email({ error: 'an e-mail address, such as name@example.org' })
      .max(MAX_EMAIL, `at most ${MAX_EMAIL} characters`),
  );

export const newPasswordSchema = schemaOf(isLeaked);

/** For sign-in: only what keeps the work bounded; a rule for new passwords must not lock an old account out. */
export const givenPasswordSchema = z
  .string({ error: 'a password' })
  .min(1, 'a password')
  .max(1_024, 'a password');

export const refreshTokenSchema = z.object({
  refresh_token: z.string({ error: 'a refresh token' }).min(1, 'a refresh token').max(256, 'a refresh token'),
});
