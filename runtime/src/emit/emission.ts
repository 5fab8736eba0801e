import { randomUUID } from 'node:crypto';
import {
  CANARY_SOURCE_PREFIX,
  canaryEventId,
  type EventType,
  type ProblemDocument,
  verifyCanary,
} from '@scholar/contract';

/** One event on its way out. `event` is the body of contract v3.5.1; it is sent unchanged at every attempt. */
export type Emission = {
  eventId: string;
  label: string;
  event: object;
  /** The x-scholar-canary token that caused it, passed on. */
  canary?: string | undefined;
  traceparent?: string | undefined;
};

export interface Emitter {
  /**
   * Resolves when the event is safe with the receiver: the forwarder has it on disk, or A8 in a committed row.
   * @throws EmitRefused when this event will never be taken, EmitUnavailable for everything else.
   */
  emit(emission: Emission, signal?: AbortSignal): Promise<void>;
}

/** This event is at fault (400, 409, 413, 415 or 422 with our problem document): sending it again cannot help. */
export class EmitRefused extends Error {
  override name = 'EmitRefused';
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(`the event was refused: ${problem.code}${problem.pointer ? ` at ${problem.pointer}` : ''}`);
    this.problem = problem;
  }
}

/** The receiver cannot take it now; the event must be kept and sent again with the same id. */
export class EmitUnavailable extends Error {
  override name = 'EmitUnavailable';
  /** Wait at least this long, ms. Set where only a change of configuration can help, and by Retry-After. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type EventInput = {
  type: EventType;
  actorId: string;
  sessionId?: string | undefined;
  source: string;
  payload?: Record<string, unknown> | undefined;
  occurredAt: Date;
  /** Only from a proven canary token. */
  simulated?: boolean;
};

/**
 * The body of an event. `simulated` and a source `canary/…` mark events that count nowhere, so neither can come in by
 * what a user typed: both are taken out unless a canary token was proven (architecture, section 3).
 */
export function event(input: EventInput): Record<string, unknown> {
  const { simulated: _claimed, ...payload } = input.payload ?? {};
  const trusted = input.simulated === true || !input.source.startsWith(CANARY_SOURCE_PREFIX);
  return {
    event_type: input.type,
    occurred_at: input.occurredAt.toISOString(),
    actor_id: input.actorId,
    ...(input.sessionId === undefined ? {} : { session_id: input.sessionId }),
    source: trusted ? input.source : `untrusted ${input.source}`,
    payload: input.simulated === true ? { ...payload, simulated: true } : payload,
  };
}

/** Who an event is: the id that the prober of a valid token already knows, else a fresh one. */
export function eventIdFor(input: {
  canary: string | undefined;
  canaryKey: string | undefined;
  label: string;
  eventType: EventType;
  nowMs: number;
}): { eventId: string; simulated: boolean; canary?: string } {
  const { canary, canaryKey, label, eventType } = input;
  const proven = verifyCanary(canary, canaryKey, input.nowMs);
  if (proven === undefined || canary === undefined || canaryKey === undefined) {
    return { eventId: randomUUID(), simulated: false };
  }
  const eventId = canaryEventId({ key: canaryKey, canaryId: proven.canaryId, label, eventType });
  return { eventId, simulated: true, canary };
}
