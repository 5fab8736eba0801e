/**
 * From an order to an open Stripe session.
 *
 * An order is known by requester, purpose and reference; it has one attempt at a time, and an attempt has one session,
 * because attempt and idempotency key go together. A repetition (a double click, a crash after Stripe answered) finds the
 * same session. Only when Stripe says that it has expired, that its payment has failed, or that it knows nothing of it,
 * does the next attempt begin.
 */
import { randomUUID } from 'node:crypto';
import { verifyCanary } from '@scholar/contract';
import { HttpProblem } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import type Stripe from 'stripe';
import { type CheckoutBody, idempotencyKey, type Order, sessionParams } from './checkout-request.ts';
import { findOrCreateOrder, keepSession, nextAttempt } from './order-store.ts';
import { stripeProblem } from './stripe-problem.ts';

export type OpenSession = { id: string; url: string };

export type CheckoutDeps = {
  pool: Pool;
  /** The SDK, or a problem when there is no usable key. */
  stripe: () => Stripe;
  canaryKey: () => string | undefined;
  now: () => number;
};

export type CheckoutRequest = { body: CheckoutBody; requestedBy: string; providerId: string | null };

/**
 * The open session of an order.
 * @throws HttpProblem 409 `order_conflict` (the reference is taken by other terms), `order_completed` (already paid) or
 *   `order_pending` (a bank debit is under way); 503 when Stripe cannot be used now.
 */
export async function openCheckout(deps: CheckoutDeps, request: CheckoutRequest): Promise<OpenSession> {
  const stripe = deps.stripe();
  const order = await findOrCreateOrder(deps.pool, newOrder(deps, request));
  refuseOtherTerms(order, request);
  try {
    const known = order.session_id === null ? undefined : await lookUp(stripe, order.session_id);
    const stands = known === undefined ? 'over' : standingOf(known);
    if (stands === 'paid') throw completed();
    if (stands === 'pending') throw pending();
    if (stands === 'open' && typeof known?.url === 'string') return { id: known.id, url: known.url };
    return await createSession(
      deps,
      stripe,
      order.session_id === null ? order : await nextAttempt(deps.pool, order),
    );
  } catch (error) {
    throw stripeProblem(error);
  }
}

function newOrder(deps: CheckoutDeps, { body, requestedBy, providerId }: CheckoutRequest) {
  const canary =
    verifyCanary(body.canary, deps.canaryKey(), deps.now()) === undefined ? null : (body.canary ?? null);
  return {
    id: randomUUID(),
    requested_by: requestedBy,
    purpose: body.purpose,
    reference: body.reference,
    provider_id: providerId,
    amount_cents: body.amount_cents,
    currency: body.currency,
    success_url: body.success_url,
    cancel_url: body.cancel_url,
    canary,
  };
}

async function createSession(deps: CheckoutDeps, stripe: Stripe, order: Order): Promise<OpenSession> {
  const session = await stripe.checkout.sessions.create(sessionParams(order), {
    idempotencyKey: idempotencyKey(order),
  });
  await keepSession(deps.pool, order, session.id);
  if (session.url === null) throw completed();
  return { id: session.id, url: session.url };
}

/** The session as Stripe has it; undefined when Stripe does not know it (another account or mode, a fresh sandbox). */
async function lookUp(stripe: Stripe, sessionId: string): Promise<Stripe.Checkout.Session | undefined> {
  try {
    return await stripe.checkout.sessions.retrieve(sessionId, { expand: ['payment_intent'] });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'resource_missing') return undefined;
    throw error;
  }
}

/**
 * Where a session stands. A debit that failed leaves it complete and unpaid, with an intent that wants another way to pay
 * (https://docs.stripe.com/payments/paymentintents/lifecycle): nobody can pay on that page any more.
 */
function standingOf(session: Stripe.Checkout.Session): 'open' | 'pending' | 'paid' | 'over' {
  if (session.status === 'open') return 'open';
  if (session.status !== 'complete') return 'over';
  if (session.payment_status !== 'unpaid') return 'paid';
  const { payment_intent: intent } = session;
  const failed =
    typeof intent === 'object' && ['requires_payment_method', 'canceled'].includes(intent?.status ?? '');
  return failed ? 'over' : 'pending';
}

function refuseOtherTerms(order: Order, { body, providerId }: CheckoutRequest): void {
  const same =
    order.amount_cents === body.amount_cents &&
    order.currency === body.currency &&
    order.provider_id === providerId;
  if (same) return;
  throw new HttpProblem({
    status: 409,
    code: 'order_conflict',
    detail: `The reference ${body.reference} belongs to an order with other terms. Use a new reference for a new order.`,
  });
}

function completed(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'order_completed',
    detail: 'This order has been completed. Use a new reference for a new order.',
  });
}

function pending(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'order_pending',
    detail: 'The bank has been asked for the money of this order. Ask again when it has answered.',
  });
}
