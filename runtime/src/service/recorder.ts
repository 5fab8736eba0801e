import { type AppLabel, type EventType, formatTraceparent, type TraceContext } from '@scholar/contract';
import type pg from 'pg';
import type { Clock } from '../clock/index.ts';
import type { SecretSource } from '../config/index.ts';
import { inTransaction } from '../db/index.ts';
import { event, eventIdFor } from '../emit/index.ts';
import { recordEvent } from '../outbox/index.ts';
import { beginSpan, messageAttributes, type Tracer } from '../tracing/index.ts';

export type EventToRecord = {
  eventType: EventType;
  /** A user id, a provider id, or `system`. Never an e-mail. */
  actorId: string;
  sessionId?: string | undefined;
  /** The route or page that it came from. */
  source: string;
  payload?: Record<string, unknown> | undefined;
  /** The x-scholar-canary header of the request, proven or not; only a valid one changes anything. */
  canaryToken?: string | undefined;
  /** Default: now. */
  occurredAt?: Date | undefined;
};

/** Writes an event in the caller's transaction, and says under which id it will arrive. */
export type RecordEvent = (tx: pg.PoolClient, toRecord: EventToRecord) => Promise<{ eventId: string }>;

export type WithTransaction = <T>(work: (tx: pg.PoolClient) => Promise<T>) => Promise<T>;

/** `record` and the transaction that goes with it: after its commit the relay is woken. */
export function createRecorder(deps: {
  label: AppLabel;
  pool: pg.Pool;
  clock: Clock;
  canaryKey: Pick<SecretSource, 'current'>;
  /** The trace of the request under way; what is recorded without one begins its own. */
  trace: () => TraceContext | undefined;
  tracer: Tracer;
  nudge: () => void;
}): { record: RecordEvent; withTransaction: WithTransaction } {
  const wrote = new WeakSet<pg.PoolClient>();
  return {
    async record(tx, toRecord) {
      const { eventType, actorId, sessionId, source, payload, canaryToken, occurredAt } = toRecord;
      const nowMs = deps.clock.now();
      const canaryKey = deps.canaryKey.current();
      const { eventId, simulated, canary } = eventIdFor({
        canary: canaryToken,
        canaryKey,
        label: deps.label,
        eventType,
        nowMs,
      });
      const at = occurredAt ?? new Date(nowMs);
      const body = event({ type: eventType, actorId, sessionId, source, payload, occurredAt: at, simulated });
      const parent = deps.trace();
      const context = beginSpan(parent);
      const sinceMs = deps.clock.monotonic();
      await recordEvent(tx, {
        eventId,
        label: deps.label,
        event: body,
        canary,
        traceparent: formatTraceparent(context),
      });
      if (deps.tracer.recording)
        deps.tracer.record({
          name: 'create outbox',
          kind: 'producer',
          ...{ context, parent, startMs: nowMs },
          durationMs: deps.clock.monotonic() - sinceMs,
          attributes: messageAttributes({ operation: 'create', destination: 'outbox', eventId }),
        });
      wrote.add(tx);
      return { eventId };
    },
    async withTransaction(work) {
      let nudge = false;
      const result = await inTransaction(deps.pool, async (tx) => {
        wrote.delete(tx);
        const done = await work(tx);
        nudge = wrote.has(tx);
        return done;
      });
      if (nudge) deps.nudge();
      return result;
    },
  };
}
