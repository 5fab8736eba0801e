import { z } from 'zod';

/** What to say beside the two fields of a change, or above its form. */
export type ChangeErrors = { old?: string; password?: string; form?: string };

/** `refused` with `retryAfterS`: after so many seconds it may be tried again. `signed_out`: the session proves nothing now. */
export type Changed =
  | { kind: 'ok' }
  | { kind: 'refused'; errors: ChangeErrors; retryAfterS?: number }
  | { kind: 'signed_out' }
  | { kind: 'unavailable' };

const problemSchema = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), expected: z.string() })).default([]),
});

const WRONG_OLD = 'This is not your password as it is now. Check it and try again.';

/** What an answer of scholar_auth to a change of password means. Nothing but its 204 says that the password is changed. */
export function judgeChange(answer: {
  statusCode: number;
  body: unknown;
  headers: { 'retry-after'?: string | undefined };
}): Changed {
  if (answer.statusCode === 204) return { kind: 'ok' };
  const problem = problemSchema.safeParse(answer.body);
  if (!problem.success) return { kind: 'unavailable' };
  switch (problem.data.code) {
    case 'invalid_credentials':
      return { kind: 'refused', errors: { old: WRONG_OLD } };
    case 'rate_limited':
      return tooMany(Number(answer.headers['retry-after']));
    case 'validation_failed':
      return { kind: 'refused', errors: perField(problem.data.errors) };
    case 'unauthorized':
      return { kind: 'signed_out' };
    default:
      return { kind: 'unavailable' };
  }
}

/** @param seconds until the next try is taken; NaN where nobody said it. */
function tooMany(seconds: number): Changed {
  const words = 'There were too many failed attempts.';
  if (!(seconds > 0))
    return { kind: 'refused', errors: { old: `${words} Wait a few minutes, then try again.` } };
  const minutes = Math.ceil(seconds / 60);
  const when = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return { kind: 'refused', errors: { old: `${words} Try again in ${when}.` }, retryAfterS: seconds };
}

function perField(found: readonly { pointer: string; expected: string }[]): ChangeErrors {
  const errors: ChangeErrors = {};
  for (const { pointer, expected } of found) {
    if (pointer === '/password') errors.password ??= `This has to be ${expected}.`;
    else if (pointer === '/old_password') errors.old ??= WRONG_OLD;
    else errors.form ??= 'Something in this form is not as it should be.';
  }
  return errors;
}
