import { HttpProblem } from '@scholar/runtime/http';
import type { Admitted } from '../login/throttle.ts';
import { TooBusy } from '../password/gate.ts';

/** Answer to every failed sign-in: it does not tell an unknown address from a wrong password. */
export function invalidCredentials(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'invalid_credentials',
    title: 'Sign-in failed',
    detail: 'The e-mail address or the password is wrong. Check both and try again.',
  });
}

/**
 * Address and password belong together, and anybody may know the password: only the owner's mail leads on.
 * `mailed`: whether the limits of mails let the link to a new one out.
 */
export function passwordLeaked(mailed: Admitted): HttpProblem {
  const leaked = 'This password is on lists of leaked passwords, so others can sign in with it.';
  return new HttpProblem({
    status: 403,
    code: 'password_leaked',
    title: 'Choose a new password',
    detail: mailed.ok
      ? `${leaked} Choose another one by the link that we sent to your address.`
      : `${leaked} Choose another one by a link to your address: too many mails were asked for, so none was sent now. Sign in again in ${mailed.retryAfterS} seconds.`,
    fields: { link_sent: mailed.ok },
    ...(mailed.ok ? {} : { headers: { 'retry-after': String(mailed.retryAfterS) } }),
  });
}

export function tooManyAttempts(retryAfterS: number): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'rate_limited',
    title: 'Too many attempts',
    detail: `Too many attempts. Try again in ${retryAfterS} seconds.`,
    headers: { 'retry-after': String(retryAfterS) },
  });
}

export function emailTaken(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'email_taken',
    title: 'There is an account already',
    detail: 'This e-mail address belongs to an account already. Sign in with it, or use another address.',
    fields: { errors: [{ pointer: '/email', expected: 'an address without an account' }] },
  });
}

/** For operators alone: they may know what strangers are not told. */
export function accountIsLeaving(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'conflict',
    title: 'This account is being erased',
    detail:
      'Whoever has this address asked to be erased, and that is not finished. Nothing was changed. Try again when it is: they get a new account then.',
  });
}

/** One answer for a token that is unknown, expired, revoked or used twice: the caller has to sign in again. */
export function invalidRefreshToken(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'invalid_refresh_token',
    title: 'The session has ended',
    detail: 'This refresh token is not valid any more. Sign in again.',
  });
}

/** One answer for a link that is unknown, used or too old. */
export function invalidLink(): HttpProblem {
  return new HttpProblem({
    status: 410,
    code: 'invalid_link',
    title: 'This link does not work any more',
    detail: 'It was used already, is too old, or is not complete. Ask for a new one.',
  });
}

export function invalidClient(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'invalid_client',
    title: 'Unknown service',
    detail:
      'Label and secret do not belong together. Compare SERVICE_SECRET with its entry in SERVICE_CLIENTS_DIR.',
    headers: { 'www-authenticate': 'Basic realm="scholar_auth"' },
  });
}

/**
 * A setting without which this route cannot do its work; the process runs on and /running names it.
 * @param findings what is wrong where it is not that the setting is missing.
 */
export function notConfigured(setting: string, work: string, findings: readonly string[] = []): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'not_configured',
    title: 'Not available just now',
    detail:
      findings.length > 0
        ? `${findings.join('. ')}. So ${work}.`
        : `${setting} is not set, so ${work}. Set ${setting} on scholar_auth.`,
    // For who asked on a person's behalf: what to tell them depends on what is missing.
    fields: { setting },
    headers: { 'retry-after': '30' },
  });
}

/** KEY_ENCRYPTION_KEY is there, and the signing keys do not open with it. `undone`: what cannot be done therefore. */
export function keysAreShut(undone: string, why: string): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'not_configured',
    title: 'Not available just now',
    detail: `${undone}: ${why}.`,
    headers: { 'retry-after': '30' },
  });
}

/** Runs work that hashes passwords and turns "too many wait" into 503 with Retry-After. */
export async function whenNotTooBusy<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TooBusy)) throw error;
    throw new HttpProblem({
      status: 503,
      code: 'unavailable',
      title: 'Too busy',
      detail: 'Too many sign-ins and signups are waiting. Try again in a moment.',
      headers: { 'retry-after': '2' },
      cause: error,
    });
  }
}
