import { verifyCanary } from '@scholar/contract';
import { SYSTEM } from '@scholar/runtime/auth';
import type { PoolClient } from 'pg';
import type { RegisterDeps } from '../deps.ts';
import { claimEvent, insertPayment, isPaid, putRefund, putSingleRefund, settleEvent } from './event-store.ts';
import { type CanaryProof, canaryTokenOf, type Judgement, judgeEvent, type Outcome } from './judge-event.ts';
import { hasFailed, type PaidSession, type StripeEvent } from './stripe-event.ts';

export type Received = { duplicate: true } | { duplicate: false; outcome: Outcome };

/** The event's `source` in A8: the route that Stripe calls, also for events that were polled. */
const SOURCE = '/webhooks/stripe';

/**
 * Takes a verified event: its id, its effect and the PaymentSuccess are one transaction, so that a crash leaves all or
 * nothing, and Stripe's repetition does the rest. Safe to call with the same event any number of times, at once too.
 * @param canaryHeader the request's x-scholar-canary, unverified; the session's metadata may carry one as well.
 */
export async function receiveEvent(
  deps: RegisterDeps,
  event: StripeEvent,
  canaryHeader?: string | undefined,
): Promise<Received> {
  const { proof, token } = proveCanary(deps, [canaryHeader, canaryTokenOf(event)]);
  const judged = judgeEvent(event, { environment: deps.environment, canary: proof });
  const received = await deps.withTransaction(async (tx): Promise<Received> => {
    if (!(await claimEvent(tx, event))) return { duplicate: true };
    const outcome = await carryOut(deps, tx, { event, judged, canaryToken: token });
    await settleEvent(tx, event.id, outcome);
    return { duplicate: false, outcome };
  });
  // The row of the event tells the same; a line for each payment would be the most of the log.
  if (!received.duplicate)
    deps.log.debug({ stripe_event: event.id, type: event.type, ...received }, 'stripe event');
  return received;
}

async function carryOut(
  deps: RegisterDeps,
  tx: PoolClient,
  { event, judged, canaryToken }: { event: StripeEvent; judged: Judgement; canaryToken: string | undefined },
): Promise<Outcome> {
  if (judged.kind === 'note') return judged.outcome;
  if (judged.kind === 'pay') return pay(deps, tx, { event, session: judged.session, canaryToken });
  const facts = {
    stripeEventId: event.id,
    reportedS: event.created ?? Math.floor(deps.clock.now() / 1000),
  };
  if (judged.kind === 'single_refund') {
    await putSingleRefund(tx, judged.refund, facts);
    return hasFailed(judged.refund) ? 'refund_failed' : 'refund_noted';
  }
  await putRefund(tx, judged.charge, { ...facts, simulated: canaryToken !== undefined });
  return 'refund_recorded';
}

async function pay(
  deps: RegisterDeps,
  tx: PoolClient,
  paid: { event: StripeEvent; session: PaidSession; canaryToken: string | undefined },
): Promise<Outcome> {
  const { event, session, canaryToken } = paid;
  if (await isPaid(tx, session.id)) return 'already_paid';
  const providerId = session.metadata['provider_id'];
  const { eventId } = await deps.record(tx, {
    eventType: 'PaymentSuccess',
    actorId: providerId ?? SYSTEM,
    source: SOURCE,
    payload: {
      amount_cents: session.amount_total,
      currency: session.currency.toUpperCase(),
      reference: session.id,
      ...(providerId === undefined ? {} : { provider_id: providerId }),
    },
    canaryToken,
  });
  await insertPayment(tx, session, {
    stripeEventId: event.id,
    eventId,
    simulated: canaryToken !== undefined,
  });
  return 'payment_recorded';
}

function proveCanary(
  deps: RegisterDeps,
  tokens: readonly (string | undefined)[],
): { proof: CanaryProof; token: string | undefined } {
  const key = deps.canaryKey();
  const token = tokens.find((one) => verifyCanary(one, key, deps.clock.now()) !== undefined);
  if (token !== undefined) return { proof: 'valid', token };
  // Ours by its signature, whatever its time says.
  const late = tokens.some((one) => verifyCanary(one, key, 0) !== undefined);
  return { proof: late ? 'late' : 'none', token: undefined };
}
