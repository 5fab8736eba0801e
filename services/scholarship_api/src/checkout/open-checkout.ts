/**
 * From an order to an open Stripe session.
 *
 * An order is known by requester, purpose and reference; it has one attempt at a time, and an attempt has one session,
 * because attempt and idempotency key go together. A repetition (a double click, a crash after Stripe answered) finds the
 * same session. Only when Stripe says that it has expired, or knows nothing of it, does the next attempt begin.
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
 * @throws HttpProblem 409 `order_conflict` (the reference is taken by other terms) or `order_completed` (already paid);
 *   503 when Stripe cannot be used now.
 */
export async function openCheckout(deps: CheckoutDeps, request: CheckoutRequest): Promise<OpenSession> {
  const stripe = deps.stripe();
  const order = await findOrCreateOrder(deps.pool, newOrder(deps, request));
  refuseOtherTerms(order, request);
  try {
    const known = order.session_id === null ? undefined : await lookUp(stripe, order.session_id);
    if (known?.status === 'complete') throw completed();
    if (known?.status === 'open' && known.url !== null) return { id: known.id, url: known.url };
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
    return await stripe.checkout.sessions.retrieve(sessionId);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'resource_missing') return undefined;
    throw error;
  }
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
