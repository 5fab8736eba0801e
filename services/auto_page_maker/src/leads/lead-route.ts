import { type CanaryTokenOf, refuseStrayCanary, requireRole } from '@scholar/runtime/auth';
import {
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  validated,
} from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { badIdempotencyKey, idempotencyConflict, noSuchLead } from '../http/problems.ts';
import type { TakeForm } from './form-route.ts';
import { type LeadInput, leadSchema } from './lead-schema.ts';
import type { SubmitLead } from './lead-service.ts';
import { readLeadState } from './lead-store.ts';
import { headerSubmissionKey, type Submission } from './submission.ts';

const MAX_IDEMPOTENCY_KEY = 255;

export type LeadRouteDeps = {
  pool: Pool;
  submit: SubmitLead;
  takeForm: TakeForm;
  canaryTokenOf: CanaryTokenOf;
  authenticated: RequestHandler;
};

/**
 * POST /leads. JSON: 201 {lead_id, user}, 200 where the Idempotency-Key came before, 409 where it came with other
 * content, 422. A form goes to `takeForm`.
 * GET /leads/{id}, for services and canaries: the lead's state without the person's data.
 */
export function leadRoutes(app: Express, deps: LeadRouteDeps): void {
  app.post('/leads', async (request, response) => {
    if (request.is('application/x-www-form-urlencoded')) await deps.takeForm(request, response);
    else await takeJson(request, response, deps);
  });

  app.get('/leads/:id', deps.authenticated, requireRole('service', 'canary'), async (request, response) => {
    const id = z.uuid().safeParse(request.params['id']);
    const state = id.success ? await readLeadState(deps.pool, id.data) : undefined;
    if (!state) throw noSuchLead();
    response.set('cache-control', 'no-store').json(state);
  });
}

async function takeJson(request: Request, response: Response, deps: LeadRouteDeps): Promise<void> {
  const lead = validated(leadSchema, request.body);
  const canaryToken = deps.canaryTokenOf(request);
  refuseStrayCanary(lead.email, canaryToken);
  const key = idempotencyKeyOf(request);
  const outcome = await deps.submit({
    via: 'json',
    submission: toSubmission(lead),
    submissionKey: key === undefined ? undefined : () => headerSubmissionKey(key),
    canaryToken,
  });
  if (outcome.kind === 'conflict') throw idempotencyConflict();
  const { leadId, duplicate, user } = outcome;
  response.status(duplicate ? 200 : 201).json({ lead_id: leadId, user, ...(duplicate ? { duplicate } : {}) });
}

export function toSubmission({ email, name, scholarship_id: scholarshipId, page }: LeadInput): Submission {
  return { email, name, scholarshipId, page };
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || (key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY)) return key;
  throw badIdempotencyKey(MAX_IDEMPOTENCY_KEY);
}
