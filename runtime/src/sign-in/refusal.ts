import { z } from 'zod';

/** What to say, beside the field it belongs to or above the form. */
export type AccountErrors = { email?: string; password?: string; form?: string };

const problemSchema = z.object({
  code: z.string(),
  /** Of `password_leaked`: whether a link to a new one is on its way. */
  link_sent: z.boolean().default(true),
  errors: z.array(z.object({ pointer: z.string(), expected: z.string() })).default([]),
});

/**
 * A refusal of scholar_auth in words for a person; undefined when the answer is no refusal of ours (a proxy in between,
 * a fault over there).
 */
export function explainRefusal(statusCode: number, body: unknown): AccountErrors | undefined {
  if (statusCode < 400 || statusCode >= 500) return undefined;
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return undefined;
  switch (problem.data.code) {
    case 'email_taken':
      return {
        email:
          'There is an account with this address already. Sign in, or use another address. If you have not chosen a password yet, look into your mail.',
      };
    case 'invalid_credentials':
      return { form: 'The e-mail address or the password is wrong. Check both and try again.' };
    case 'password_leaked':
      return {
        form: `This password is on lists of leaked passwords, so others can sign in with it. ${problem.data.link_sent ? 'We have sent a link to your address: choose another password there.' : 'You choose another one by a link to your address. Too many mails were asked for, so none was sent now: sign in again later.'}`,
      };
    case 'invalid_refresh_token':
      return { form: 'Your session has ended. Sign in again.' };
    case 'rate_limited':
      return { form: 'There were too many failed attempts. Wait a few minutes, then try again.' };
    case 'validation_failed':
      return perField(problem.data.errors);
    default:
      return undefined;
  }
}

function perField(found: readonly { pointer: string; expected: string }[]): AccountErrors {
  const errors: AccountErrors = {};
  for (const { pointer, expected } of found) {
    const field = pointer.slice(1);
    if (field === 'email' || field === 'password') errors[field] ??= `This has to be ${expected}.`;
    else errors.form ??= 'Something in this form is not as it should be.';
  }
  return errors;
}
