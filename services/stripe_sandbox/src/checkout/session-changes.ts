import { newEvent } from '../events/new-event.ts';
import type { NewId } from '../identifiers.ts';
import type { Change, State } from '../state/state.ts';
import { type PaymentAction, settleSession } from './settle-session.ts';

export type SettleContext = {
  nowMs: number;
  newId: NewId;
  request: { id: string | null; idempotency_key: string | null };
};

/**
 * The changes of an action on a stored session: session, intent, the events and their deliveries.
 * @returns a sentence instead when the session does not allow the action now.
 */
export function sessionChanges(
  state: State,
  sessionId: string,
  step: SettleContext & { action: PaymentAction },
): Change[] | string {
  const session = state.get('sessions', sessionId);
  if (session === undefined) return `No such checkout.session: '${sessionId}'`;
  const intent =
    session.payment_intent === null ? undefined : state.get('paymentIntents', session.payment_intent);
  const next = settleSession(step.action, session, intent);
  if (typeof next === 'string') return next;
  return [
    { put: 'sessions', value: next.session },
    ...(next.intent === undefined ? [] : [{ put: 'paymentIntents' as const, value: next.intent }]),
    ...next.events.flatMap((event) => newEvent(state, event, step)),
  ];
}

/** The changes that expire a session whose time is over; empty when it is not. Called before a session is shown or paid. */
export function expiryChanges(state: State, sessionId: string, context: SettleContext): Change[] {
  const session = state.get('sessions', sessionId);
  if (session?.status !== 'open' || session.expires_at * 1000 > context.nowMs) return [];
  const changes = sessionChanges(state, sessionId, { ...context, action: 'expire' });
  return typeof changes === 'string' ? [] : changes;
}
