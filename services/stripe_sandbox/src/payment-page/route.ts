import { HttpProblem, prefersHtml, sendPage } from '@scholar/runtime/http';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { expiryChanges, type SettleContext, sessionChanges } from '../checkout/session-changes.ts';
import type { NewId } from '../identifiers.ts';
import type { State } from '../state/state.ts';
import type { CheckoutSession } from '../stripe-objects.ts';
import { paymentPage } from './page.ts';

const SERVICE = 'Payment sandbox';

type Deps = { state: State; now: () => number; newId: NewId; onCommitted: () => void };

const actionBody = z.object({ action: z.enum(['pay', 'pay_later', 'settle', 'fail', 'cancel']) });

/**
 * GET /pay/:session shows the page; POST `action=pay|pay_later|cancel|settle|fail` acts and sends the payer back (303).
 * With `Accept: application/json` the POST answers the session instead, for scripts.
 */
export function paymentPageRoutes(app: Express, deps: Deps): void {
  const { state } = deps;
  app.get('/pay/:session', async (req, res) => {
    const { id } = existing(state, req);
    const changes = expiryChanges(state, id, contextOf(deps));
    await state.commit(changes);
    if (changes.length > 0) deps.onCommitted();
    const session = existing(state, req);
    allowReturn(res, session);
    const body = paymentPage(session, state.get('lineItems', id)?.items ?? []);
    sendPage(res, { title: 'Pay (sandbox)', service: SERVICE, body });
  });
  app.post('/pay/:session', async (req, res) => {
    await act(deps, req, res);
  });
}

async function act(deps: Deps, req: Request, res: Response): Promise<void> {
  const { state } = deps;
  const session = existing(state, req);
  const body = actionBody.safeParse(req.body);
  if (!body.success) throw refusal(422, 'unknown_action', 'Choose one of the actions of the page.');
  if (body.data.action === 'cancel') {
    goBack(res, session, session.cancel_url);
    return;
  }
  const changes = sessionChanges(state, session.id, { ...contextOf(deps), action: body.data.action });
  if (typeof changes === 'string') throw refusal(409, 'not_possible_now', changes);
  await state.commit(changes);
  deps.onCommitted();
  if (prefersHtml(req)) goBack(res, session, session.success_url);
  else res.json(state.get('sessions', session.id));
}

/** @throws HttpProblem 404 */
function existing(state: State, req: Request): CheckoutSession {
  const session = state.get('sessions', String(req.params['session']));
  if (session === undefined) throw refusal(404, 'not_found', 'There is no such payment page.');
  return session;
}

/**
 * Browsers apply `form-action` to the whole chain of redirects after a form: the return addresses of this session must be in it.
 */
function allowReturn(res: Response, session: CheckoutSession): void {
  const origins = [session.success_url, session.cancel_url]
    .filter((url) => url !== null)
    .map((url) => new URL(url).origin);
  const policy = String(res.get('content-security-policy') ?? "default-src 'self'").replace(
    /form-action[^;]*;?/,
    '',
  );
  res.set(
    'content-security-policy',
    `${policy.replace(/;\s*$/, '')}; form-action 'self' ${origins.join(' ')}`,
  );
}

function goBack(res: Response, session: CheckoutSession, url: string | null): void {
  allowReturn(res, session);
  res.redirect(303, (url ?? `/pay/${session.id}`).replaceAll('{CHECKOUT_SESSION_ID}', session.id));
}

function refusal(status: number, code: string, detail: string): HttpProblem {
  return new HttpProblem({ status, code, detail });
}

function contextOf(deps: Deps): SettleContext {
  return { nowMs: deps.now(), newId: deps.newId, request: { id: null, idempotency_key: null } };
}
