import { actorOf, type CanaryTokenOf, principalOf, requireRole } from '@scholar/runtime/auth';
import { type Express, type Request, type RequestHandler, validated } from '@scholar/runtime/http';
import { SSE_MEDIA_TYPE } from '@scholar/runtime/sse';
import { z } from 'zod';
import type { Answer } from './answer-service.ts';
import { type StreamResult, streamAnswer } from './answer-stream.ts';
import { answerView } from './answer-view.ts';
import { AskerLeft } from './tell.ts';

const QUESTION_EXPECTED = 'a question of 1 to 500 characters';

const questionSchema = z.object({
  question: z
    .string(QUESTION_EXPECTED)
    .trim()
    .min(1, QUESTION_EXPECTED)
    .max(500, QUESTION_EXPECTED)
    // PostgreSQL cannot store half of a surrogate pair, and no question needs one.
    .transform((text) => text.toWellFormed()),
  /** For whom a service asks; the actor of the event. An opaque id, never an e-mail address. */
  student_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'an opaque id of letters, digits, - and _')
    .optional(),
});

export type AnswerRouteDeps = {
  authenticated: RequestHandler;
  canaryTokenOf: CanaryTokenOf;
  answer: Answer;
  /** The most that the model may take, ms: for an answer in one piece, and for one that is told as it is made. */
  withinMs: { whole: number; streamed: number };
  onStream: (result: StreamResult) => void;
};

/**
 * POST /answers: 200 {answer_id, answer, citations, supported, provider, latency_ms}, and {fallback, note} where no model
 * worded it though one should have; 401, 403, 422 `validation_failed`. With `Accept: text/event-stream`: the same told
 * while it is made (answer-stream.ts).
 */
export function answerRoute(app: Express, deps: AnswerRouteDeps): void {
  const callers = requireRole('student', 'provider', 'staff', 'service', 'canary');
  app.post('/answers', deps.authenticated, callers, async (request, response) => {
    const { question, student_id: studentId } = validated(questionSchema, request.body);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const asked = {
      text: question,
      actorId: actorOf(principalOf(response), studentId),
      canaryToken: deps.canaryTokenOf(request),
      signal: gone.signal,
    };
    if (wantsStream(request)) {
      const { streamed: withinMs } = deps.withinMs;
      deps.onStream(await streamAnswer(response, { ...asked, withinMs }, deps.answer));
      return;
    }
    try {
      const answered = await deps.answer({ ...asked, withinMs: deps.withinMs.whole, tell: undefined });
      response.set('cache-control', 'no-store');
      response.json(answerView(answered));
    } catch (error) {
      if (!(error instanceof AskerLeft)) throw error;
    }
  });
}

function wantsStream(request: Request): boolean {
  return request.accepts(['application/json', SSE_MEDIA_TYPE]) === SSE_MEDIA_TYPE;
}
