import { randomUUID } from 'node:crypto';
import type { Clock } from '@scholar/runtime/clock';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Answered, AnswerFrom } from './answer-from.ts';
import { insertAnswer } from './answer-store.ts';

export type Question = {
  text: string;
  actorId: string;
  /** A valid x-scholar-canary token. */
  canaryToken: string | undefined;
};

/** Answers, and resolves when the row of the answer and its SageAssist are committed. */
export type Answer = (question: Question) => Promise<Answered & { latencyMs: number }>;

/** Neither the question nor the answer goes anywhere but back to who asked: not into the row, the event or the log. */
export function createAnswer(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & {
    clock: Clock;
    answerFrom: AnswerFrom;
    onAnswer: (answered: Answered) => void;
  },
): Answer {
  return async ({ text, actorId, canaryToken }) => {
    const startedMs = deps.clock.monotonic();
    // A canary runs every minute, and a model costs money.
    const answered = await deps.answerFrom(text, { mayAskModel: canaryToken === undefined });
    const latencyMs = Math.round(deps.clock.monotonic() - startedMs);
    const { success, supported, provider, citations } = answered;
    const answerId = randomUUID();
    await deps.withTransaction(async (tx) => {
      const { eventId } = await deps.record(tx, {
        eventType: 'SageAssist',
        actorId,
        source: '/answers',
        payload: { latency_ms: latencyMs, success, reference: answerId },
        canaryToken,
      });
      const simulated = canaryToken !== undefined;
      const row = { answerId, eventId, latencyMs, success, supported, provider, simulated };
      await insertAnswer(tx, { ...row, citations: citations.length });
    });
    deps.onAnswer(answered);
    return { ...answered, latencyMs };
  };
}
