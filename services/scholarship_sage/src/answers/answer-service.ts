import { randomUUID } from 'node:crypto';
import type { Clock } from '@scholar/runtime/clock';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Answered, AnswerFrom } from './answer-from.ts';
import { insertAnswer } from './answer-store.ts';
import { AskerLeft, type Tell } from './tell.ts';

export type Question = {
  text: string;
  actorId: string;
  /** A valid x-scholar-canary token. */
  canaryToken: string | undefined;
  /** Undefined: nobody is told anything but the whole. */
  tell: Tell | undefined;
  /** Aborts when who asked has gone: then the model is asked no longer, and nothing counts as an answer. */
  signal: AbortSignal;
  /** The most that the model may take, ms. */
  withinMs: number;
};

/**
 * Answers, and resolves when the row of the answer and its SageAssist are committed.
 * @throws as AnswerFrom; then there is neither a row nor an event.
 */
export type Answer = (question: Question) => Promise<Answered & { answerId: string; latencyMs: number }>;

/** Neither the question nor the answer goes anywhere but back to who asked: not into the row, the event or the log. */
export function createAnswer(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & {
    clock: Clock;
    answerFrom: AnswerFrom;
    onAnswer: (answered: Answered) => void;
  },
): Answer {
  return async ({ text, actorId, canaryToken, ...listener }) => {
    const startedMs = deps.clock.monotonic();
    // A canary runs every minute, and a model costs money.
    const mayAskModel = canaryToken === undefined;
    const answered = await deps.answerFrom({ question: text, actorId, mayAskModel, ...listener });
    const latencyMs = Math.round(deps.clock.monotonic() - startedMs);
    if (listener.signal.aborted) throw new AskerLeft('who asked has gone');
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
    return { ...answered, answerId, latencyMs };
  };
}
