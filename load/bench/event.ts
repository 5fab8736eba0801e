import { APP_LABELS, type AppLabel, eventHeaders } from '@scholar/contract';

/** The size that all our benchmarks use: a match result with its text. */
export const BODY_BYTES = 558;

/** A request as a forwarder makes it; `id` is fresh for each. */
export type Outgoing = { headers: Record<string, string>; body: Buffer };

export function outgoing(input: { label: AppLabel; id: string; key: string; body: Buffer }): Outgoing {
  const { label, id, key, body } = input;
  return { headers: eventHeaders({ label, eventId: id, key, forwarderId: `${label}@bench` }), body };
}

/** `count` bodies of BODY_BYTES each, as different as those of different students. */
export function createBodies(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => createBody(index));
}

export function createBody(index: number): Buffer {
  const event = {
    event_type: 'ScholarshipMatchResult',
    occurred_at: `2026-11-29T12:${pad(index % 60, 2)}:00.000Z`,
    actor_id: `user_${pad(index, 8)}`,
    session_id: `session_${pad(index, 8)}`,
    source: '/scholarships/match',
    payload: {
      details: '',
      scholarship_id: `scholarship_${pad(index % 977, 6)}`,
      provider_id: `provider_${pad(index % 211, 6)}`,
      latency_ms: 40 + (index % 400),
      success: index % 7 !== 0,
    },
  };
  const missing = BODY_BYTES - Buffer.byteLength(JSON.stringify(event));
  event.payload.details = SENTENCE.repeat(Math.ceil(missing / SENTENCE.length)).slice(0, missing);
  return Buffer.from(JSON.stringify(event));
}

export function labelOf(sender: number): AppLabel {
  const label = APP_LABELS[sender % APP_LABELS.length];
  if (label === undefined) throw new Error('the contract names no app');
  return label;
}

const SENTENCE = 'Ranked by field of study, region and deadline; two of the criteria were met in part. ';

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
