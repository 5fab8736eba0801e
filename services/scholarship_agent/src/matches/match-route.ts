import { actorOf, type CanaryTokenOf, principalOf, requireRole } from '@scholar/runtime/auth';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import { profileSchema } from '../matching/profile.ts';
import type { RunMatch } from './match-service.ts';

const DEFAULT_LIMIT = 20;
const LIMIT_EXPECTED = 'a number from 1 to 50';

const matchRequestSchema = z.object({
  profile: profileSchema,
  /** For whom a service asks; the actor of the event. An opaque id, never an e-mail address. */
  student_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'an opaque id of letters, digits, - and _')
    .optional(),
  limit: z.int(LIMIT_EXPECTED).min(1, LIMIT_EXPECTED).max(50, LIMIT_EXPECTED).default(DEFAULT_LIMIT),
});

/** POST /matches: 200 the matches, also while scholarship_api is down; 401, 403, 422 `validation_failed`. */
export function matchRoute(
  app: Express,
  deps: { authenticated: RequestHandler; canaryTokenOf: CanaryTokenOf; runMatch: RunMatch },
): void {
  const callers = requireRole('student', 'provider', 'staff', 'service', 'canary');
  app.post('/matches', deps.authenticated, callers, async (request, response) => {
    const { profile, student_id: studentId, limit } = validated(matchRequestSchema, request.body);
    const principal = principalOf(response);
    const answer = await deps.runMatch({
      profile,
      limit,
      actorId: actorOf(principal, studentId),
      askedBy: principal?.kind ?? 'service',
      canaryToken: deps.canaryTokenOf(request),
    });
    response.set('cache-control', 'no-store').json(answer);
  });
}
