import type { Answered } from './answer-from.ts';
import { NOTES } from './fallback.ts';

/** An answer as it is sent. All texts are plain: whoever shows them escapes them. */
export function answerView(answered: Answered & { answerId: string; latencyMs: number }): object {
  const { answerId, answer, citations, supported, provider, latencyMs, fallback } = answered;
  const why = fallback === undefined ? {} : { fallback, note: NOTES[fallback] };
  return { answer_id: answerId, answer, citations, supported, provider, latency_ms: latencyMs, ...why };
}
