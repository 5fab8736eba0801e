import { randomUUID } from 'node:crypto';
import { HEADER, headerText } from '@scholar/contract';
import { unlessAway } from '@scholar/runtime/away';
import type { Request, RequestHandler, Response } from '@scholar/runtime/http';
import { afterSignIn, setSession, textOf, UNAVAILABLE, visitorOf } from '@scholar/runtime/sign-in';
import type { Express } from 'express';
import { z } from 'zod';
import { accountOf, isProvider } from '../accounts/account-of.ts';
import type { Accounting } from '../accounts/open-account.ts';
import type { RegisterDeps } from '../deps.ts';
import { showPage } from '../pages/show-page.ts';
import { onboard } from './onboard.ts';
import { type FormState, onboardingPage } from './pages.ts';
import { fieldErrors, providerInput } from './provider.ts';
import { findProviderOf } from './provider-store.ts';

export type RegisterFormDeps = RegisterDeps &
  Accounting & {
    /** Notes who visits. */
    visitor: RequestHandler;
    /** Refuses forms of other sites. */
    fromHere: RequestHandler;
  };

/** GET /: the form; who is registered and signed in is led to the scholarships. GET /payments: to the own page. */
export function registerPages(app: Express, deps: RegisterFormDeps): void {
  app.get('/', deps.visitor, async (_request, response) => {
    if ((await ownId(deps, response)) !== undefined) response.redirect(303, '/scholarships');
    else sendForm(response, { id: randomUUID(), values: {}, errors: {} }, 200);
  });
  app.get('/payments', deps.visitor, async (_request, response) => {
    const id = await ownId(deps, response);
    response.redirect(303, id === undefined ? '/' : `/providers/${id}`);
  });
}

/**
 * POST /providers by a form: makes the account and the provider, and signs in; 303 to the provider's page. 422 with what
 * was typed and what is wrong; 200 while scholar_auth, 503 while our database cannot take it, both with what was typed.
 */
export async function registerByForm(
  deps: RegisterFormDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const values: Record<string, unknown> =
    typeof request.body === 'object' && request.body !== null ? request.body : {};
  const offered = z.uuidv4().safeParse(values['id']);
  const id = offered.success ? offered.data : randomUUID();
  const again = (shown: { errors?: FormState['errors']; notStored?: boolean }, status: number) =>
    sendForm(response, { id, values, errors: {}, ...shown }, status);

  const input = providerInput.safeParse(values);
  const errors = input.success ? {} : fieldErrors(input.error);
  const password = textOf(values, 'password');
  if (!isProvider(response) && password === '') errors['password'] = 'Choose a password.';
  if (!input.success || Object.keys(errors).length > 0) return again({ errors }, 422);

  const canaryToken = headerText(request.headers, HEADER.canary);
  const account = await accountOf(deps, request, response, { email: input.data.email, password });
  if (account.kind === 'unavailable') return again({ errors: { form: UNAVAILABLE } }, 200);
  if (account.kind === 'refused') return again({ errors: account.errors }, 422);
  if (account.tokens) setSession(response, account.tokens);
  const { userId } = account;
  const facts = { id, source: '/providers', canaryToken, userId };
  const stored = await unlessAway(async () => {
    await onboard(deps, input.data, facts);
    return { id: (await findProviderOf(deps.pool, userId))?.id ?? id };
  });
  if (stored) response.redirect(303, afterSignIn(account, `/providers/${stored.id}`));
  else again({ notStored: true }, 503);
}

/** The id of the provider of who is signed in; undefined where there is none, or our database is away. */
async function ownId({ pool }: RegisterFormDeps, response: Response): Promise<string | undefined> {
  const { principal } = visitorOf(response);
  if (principal?.kind !== 'user') return undefined;
  const found = await unlessAway(async () => ({ own: await findProviderOf(pool, principal.subject) }));
  return found?.own?.id;
}

function sendForm(response: Response, form: Omit<FormState, 'signedIn'>, status: number): void {
  showPage(response, {
    title: 'Offer a scholarship',
    description: 'Register as a scholarship provider.',
    path: '/',
    body: onboardingPage({ ...form, signedIn: isProvider(response) }),
    status,
  });
}
