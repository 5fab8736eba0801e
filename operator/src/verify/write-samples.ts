import { randomUUID } from 'node:crypto';
import { type AppLabel, type EventType, eventHeaders } from '@scholar/contract';
import type { Ask } from '../gather/http-client.ts';
import { type FollowDeps, followEvent } from './follow-event.ts';

export interface SampleInput {
  label: AppLabel;
  intake: string;
  eventType: EventType;
  canaryToken: string;
  count: number;
}

export interface SampleResult {
  writesMs: number[];
  failed: number;
}

const WAIT_SECONDS = 10;

/**
 * Sends `count` simulated events through a forwarder, one after the other, and reads the time of each write to A8 from
 * the forwarder's own clock: from its POST until the receipt.
 */
export async function sampleWrites(deps: FollowDeps, input: SampleInput): Promise<SampleResult> {
  const writesMs: number[] = [];
  let failed = 0;
  for (let sent = 0; sent < input.count && failed < 3; sent += 1) {
    const writeMs = await sampleOne(deps, input);
    if (writeMs === null) failed += 1;
    else writesMs.push(writeMs);
  }
  return { writesMs, failed };
}

async function sampleOne(deps: FollowDeps, input: SampleInput): Promise<number | null> {
  const eventId = randomUUID();
  if (!(await handOver(deps.ask, input, eventId))) return null;
  const { state, writeMs } = await followEvent(deps, { intake: input.intake, eventId, timeoutMs: 2_000 });
  return state === 'delivered' ? writeMs : null;
}

async function handOver(ask: Ask, input: SampleInput, eventId: string): Promise<boolean> {
  try {
    const reply = await ask({
      url: `${input.intake}/events`,
      method: 'POST',
      headers: {
        ...eventHeaders({ label: input.label, eventId, canary: input.canaryToken }),
        prefer: `wait=${WAIT_SECONDS}`,
      },
      body: JSON.stringify(simulatedEvent(input.eventType, input.label, 'write sample')),
      timeoutMs: (WAIT_SECONDS + 2) * 1_000,
    });
    return reply.status === 201 || reply.status === 200;
  } catch {
    return false;
  }
}

/** The least that the contract wants of an event of this type, marked as simulated; `details` says who sent it. */
export function simulatedEvent(eventType: EventType, label: AppLabel, details: string): unknown {
  const payload: Record<string, unknown> = { details, simulated: true };
  if (eventType === 'PaymentSuccess') Object.assign(payload, { amount_cents: 4900, currency: 'USD' });
  if (eventType === 'ScholarshipMatchResult' || eventType === 'SageAssist')
    Object.assign(payload, { latency_ms: 1, success: true });
  return {
    event_type: eventType,
    occurred_at: new Date().toISOString(),
    actor_id: 'canary',
    source: `canary/${label}`,
    payload,
  };
}
