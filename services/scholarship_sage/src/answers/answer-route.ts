import { actorOf, type CanaryTokenOf, principalOf, requireRole } from '@scholar/runtime/auth';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { Answer } from './answer-service.ts';

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

/** POST /answers: 200 {answer, citations, supported, provider, latency_ms}; 401, 403, 422 `validation_failed`. */
export function answerRoute(
  app: Express,
  deps: { authenticated: RequestHandler; canaryTokenOf: CanaryTokenOf; answer: Answer },
): void {
  const callers = requireRole('student', 'provider', 'staff', 'service', 'canary');
  app.post('/answers', deps.authenticated, callers, async (request, response) => {
    const { question, student_id: studentId } = validated(questionSchema, request.body);
    const { answer, citations, supported, provider, latencyMs } = await deps.answer({
      text: question,
      actorId: actorOf(principalOf(response), studentId),
      canaryToken: deps.canaryTokenOf(request),
    });
    response.set('cache-control', 'no-store');
    response.json({ answer, citations, supported, provider, latency_ms: latencyMs });
  });
}
