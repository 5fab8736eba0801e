import { z } from 'zod';
import { normalizeEmail } from '../email/email-vault.ts';

/** Longest address that SMTP can carry (RFC 5321 as corrected by erratum 1690), in characters. */
const MAX_EMAIL = 254;
/** NIST SP 800-63B: at least 8, and long ones must be allowed; bounded because every byte is hashed. */
const PASSWORD = { min: 8, max: 256 };

export const emailSchema = z
  .string({ error: 'an e-mail address' })
  .transform(normalizeEmail)
  .pipe(
    z
      .email({ error: 'an e-mail address, such as name@example.org' })
      .max(MAX_EMAIL, `at most ${MAX_EMAIL} characters`),
  );

export const newPasswordSchema = z
  .string({ error: 'a password' })
  .min(PASSWORD.min, `at least ${PASSWORD.min} characters`)
  .max(PASSWORD.max, `at most ${PASSWORD.max} characters`);

/** For sign-in: only what keeps the work bounded; a rule for new passwords must not lock an old account out. */
export const givenPasswordSchema = z
  .string({ error: 'a password' })
  .min(1, 'a password')
  .max(1_024, 'a password');

export const refreshTokenSchema = z.object({
  refresh_token: z.string({ error: 'a refresh token' }).min(1, 'a refresh token').max(256, 'a refresh token'),
});
