import { randomUUID } from 'node:crypto';
import { type AppLabel, type EventType, eventHeaders } from '@scholar/contract';
import type { VerifyDeps } from './verify-deps.ts';

/** A canary that was sent to A8 itself, past every app and forwarder, and what A8 answered word for word. */
export interface PostedCanary {
  label: AppLabel;
  eventType: EventType;
  eventId: string;
  /** null where nothing answered, or nothing could be sent. */
  status: number | null;
  body: string;
  /** From the POST until the last byte of the answer. */
  tookMs: number | null;
}

/** The brief's curl commands (its part A): whose, what, and their `source`. */
const POSTED: readonly { label: AppLabel; eventType: EventType; source: string; payload?: object }[] = [
  { label: 'scholar_auth', eventType: 'NewUser', source: 'canary/auth' },
  { label: 'auto_page_maker', eventType: 'NewLead', source: 'canary/lead' },
  {
    label: 'provider_register',
    eventType: 'PaymentSuccess',
    source: 'canary/payment',
    payload: { amount_cents: 4900, currency: 'USD' },
  },
];

/**
 * The brief's three canary POSTs as its curl commands send them, one after the other, each once. For staging alone: without a
 * canary token A8 refuses simulated events in production. Never throws.
 */
export async function postCanaries(deps: VerifyDeps): Promise<PostedCanary[]> {
  const posted: PostedCanary[] = [];
  for (const canary of POSTED) posted.push(await postOne(deps, canary));
  return posted;
}

async function postOne(
  { target, ask, clock }: VerifyDeps,
  { label, eventType, source, payload }: (typeof POSTED)[number],
): Promise<PostedCanary> {
  const eventId = randomUUID();
  const sent = { label, eventType, eventId };
  const event = {
    event_type: eventType,
    occurred_at: new Date(clock.now()).toISOString(),
    actor_id: 'test_user_01',
    source,
    payload: { details: 'canary', ...payload },
  };
  try {
    const { hubUrl, key } = await target.emission(label);
    const { status, body, tookMs } = await ask({
      url: `${hubUrl}/events`,
      method: 'POST',
      headers: { ...eventHeaders({ label, eventId }), authorization: `Bearer ${key}` },
      body: JSON.stringify(event),
    });
    return { ...sent, status, body, tookMs };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { ...sent, status: null, body: why, tookMs: null };
  }
}
