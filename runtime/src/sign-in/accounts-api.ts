import { HEADER } from '@scholar/contract';
import type { Got, Response } from 'got';
import { z } from 'zod';
import { createOutage } from '../away/index.ts';
import type { Logger } from '../log/index.ts';
import { type Changed, judgeChange } from './password-change.ts';
import { type AccountErrors, explainRefusal } from './refusal.ts';

/** `refused`: what to say beside which field. `unavailable`: scholar_auth is away; nothing was decided. */
export type Outcome<T> =
  | ({ kind: 'ok' } & T)
  | { kind: 'refused'; errors: AccountErrors }
  | { kind: 'unavailable' };

export type Tokens = { accessToken: string; refreshToken: string; expiresInS: number };

/** `mailbox` is the page on which mails land that do not leave the machine. */
export type Mailed = { mail: 'on its way'; mailbox: string | undefined } | { mail: 'not set up' };

export type Credentials = { email: string; password: string };

/** On whose behalf we ask: scholar_auth limits sign-ins per client, and knows probes by their token. */
export type Caller = { ip: string | undefined; canaryToken?: string | undefined };

export interface Accounts {
  /** Makes an account of this role; scholar_auth makes a student where none is named. */
  signUp(
    credentials: Credentials & { role?: 'student' | 'provider' },
    caller: Caller,
  ): Promise<Outcome<{ userId: string }>>;
  /** `passwordLeaked`: it let in, and is known from leaks. */
  logIn(
    credentials: Credentials,
    caller: Caller,
  ): Promise<Outcome<{ tokens: Tokens; passwordLeaked: boolean }>>;
  /** The next pair. A refresh token works once. */
  refresh(refreshToken: string): Promise<Outcome<{ tokens: Tokens }>>;
  /**
   * Has a link to a new password sent to the address, if it has an account: the outcome is the same either way.
   */
  forgot(email: string, caller: Caller): Promise<Outcome<Mailed>>;
  /** Replaces the password of who is signed in, which ends every session. */
  changePassword(
    change: { accessToken: string; oldPassword: string; password: string },
    caller: Caller,
  ): Promise<Changed>;
  /** Ends the session; whether scholar_auth heard it makes no difference to this browser. */
  logOut(refreshToken: string): Promise<void>;
}

const signedUp = z.object({ user_id: z.string().min(1) }).transform(({ user_id: userId }) => ({ userId }));

const signedIn = z
  .object({
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    expires_in: z.number().positive(),
    password_leaked: z.boolean().default(false),
  })
  .transform((pair) => ({
    passwordLeaked: pair.password_leaked,
    tokens: { accessToken: pair.access_token, refreshToken: pair.refresh_token, expiresInS: pair.expires_in },
  }));

/** What scholar_auth says where it is not set up to send mails. */
const noMail = z.object({ code: z.literal('not_configured'), setting: z.literal('SMTP_URL') });

const mailed = z.union([
  noMail.transform((): Mailed => ({ mail: 'not set up' })),
  z
    .object({
      mailbox: z
        .url({ protocol: /^https?$/ })
        .optional()
        .catch(undefined),
    })
    .transform(({ mailbox }): Mailed => ({ mail: 'on its way', mailbox })),
]);

const anything = z.unknown().transform(() => ({}));

/** scholar_auth's public routes, asked from here so that forms work without JavaScript and tokens stay in cookies. */
export function createAccounts(deps: {
  fetchJson: Pick<Got, 'post'>;
  a1Url: string;
  timeoutMs: number;
  log: Logger;
}): Accounts {
  const outage = createOutage(deps.log, 'scholar_auth');

  async function ask<O extends { kind: string }>(
    path: string,
    json: unknown,
    how: { caller?: Caller | undefined; accessToken?: string; judge: (answer: Response<unknown>) => O },
  ): Promise<O | { kind: 'unavailable' }> {
    const { caller, accessToken } = how;
    try {
      const answer = await deps.fetchJson.post<unknown>(`${deps.a1Url}${path}`, {
        json,
        headers: {
          ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
          ...(caller?.ip ? { 'x-forwarded-for': caller.ip } : {}),
          ...(caller?.canaryToken ? { [HEADER.canary]: caller.canaryToken } : {}),
        },
        timeout: { request: deps.timeoutMs },
        throwHttpErrors: false,
      });
      const outcome = how.judge(answer);
      if (outcome.kind === 'unavailable') throw new Error(`POST ${path} was answered ${answer.statusCode}`);
      outage.over();
      return outcome;
    } catch (err) {
      outage.noticed(err);
      return { kind: 'unavailable' };
    }
  }

  const post = <T>(
    path: string,
    json: unknown,
    { expect, caller }: { expect: z.ZodType<T>; caller?: Caller },
  ): Promise<Outcome<T>> => ask(path, json, { caller, judge: (answer) => judge(answer, expect) });

  return {
    signUp: (credentials, caller) => post('/signup', credentials, { expect: signedUp, caller }),
    logIn: (credentials, caller) => post('/login', credentials, { expect: signedIn, caller }),
    refresh: (token) => post('/refresh', { refresh_token: token }, { expect: signedIn }),
    forgot: (email, caller) => post('/password/forgot', { email }, { expect: mailed, caller }),
    changePassword: ({ accessToken, oldPassword, password }, caller) =>
      ask(
        '/password/change',
        { old_password: oldPassword, password },
        { caller, accessToken, judge: judgeChange },
      ),
    async logOut(token) {
      await post('/logout', { refresh_token: token }, { expect: anything });
    },
  };
}

function judge<T>({ statusCode, body }: Response<unknown>, expect: z.ZodType<T>): Outcome<T> {
  if ((statusCode >= 200 && statusCode < 300) || noMail.safeParse(body).success) {
    const parsed = expect.safeParse(body);
    return parsed.success ? { kind: 'ok', ...parsed.data } : { kind: 'unavailable' };
  }
  const errors = explainRefusal(statusCode, body);
  return errors ? { kind: 'refused', errors } : { kind: 'unavailable' };
}
