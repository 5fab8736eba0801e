import { unauthorized } from '@scholar/runtime/auth';
import { HttpProblem, prefersHtml, type RequestHandler } from '@scholar/runtime/http';
import { UNCHECKED, type Visitor, visitorOf } from '@scholar/runtime/sign-in';
import type { ErrorRequestHandler, Express, Request, Response } from 'express';
import { z } from 'zod';
import type { RegisterDeps } from '../deps.ts';
import type { Provider } from './provider.ts';
import { findOwnedProvider } from './provider-store.ts';

/** What stands below the address of a provider. */
const PLACE = '/providers/:id';

/** Notes who asks for what stands below the address of a provider. Add it before these routes. */
export function noteWhoAsks(app: Express, visitor: RequestHandler): void {
  app.use(PLACE, visitor);
}

/**
 * The provider of the path, for who may see it: the account that it belongs to, and staff. One that a program registered has no
 * account yet: whoever was told its address may see it, until an account takes it over.
 * @throws HttpProblem 404 where there is none, also for one of somebody else's; 401 to nobody; 503 while sessions cannot be checked
 */
export async function ownProvider(
  deps: RegisterDeps,
  req: Request,
  res: Response,
): Promise<Provider & { hasAccount: boolean }> {
  const id = z.uuid().safeParse(req.params['id']);
  const found = id.success ? await findOwnedProvider(deps.pool, id.data) : undefined;
  if (found === undefined) throw noSuchProvider();
  if (found.userId !== null) assertOwner(found.userId, visitorOf(res));
  return { ...found.provider, hasAccount: found.userId !== null };
}

function assertOwner(userId: string, { signedIn, principal }: Visitor): void {
  if (signedIn === 'unavailable') {
    throw new HttpProblem({
      status: 503,
      code: 'unavailable',
      detail: UNCHECKED,
      headers: { 'retry-after': '2' },
    });
  }
  if (principal === undefined) throw unauthorized('Sign in with the account of this organisation.');
  if (principal.subject !== userId && !principal.roles.includes('staff')) throw noSuchProvider();
}

const noSuchProvider = () =>
  new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such provider.' });

/** Leads a browser that nobody has signed in to the sign-in. Add it after the routes of a provider. */
export function leadToSignIn(app: Express): void {
  const lead: ErrorRequestHandler = (error, request, response, next) => {
    if (error instanceof HttpProblem && error.status === 401 && prefersHtml(request))
      response.redirect(303, '/login');
    else next(error);
  };
  app.use(PLACE, lead);
}
