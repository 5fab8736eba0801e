import { requireRole } from '@scholar/runtime/auth';
import {
  type Express,
  HttpProblem,
  type Request,
  type RequestHandler,
  type Response,
  sendPage,
  validated,
} from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { type CanaryTokenOf, isStrayCanary } from '../http/canary.ts';
import type { FormState } from '../pages/lead-form.ts';
import type { PageService } from '../pages/page-service.ts';
import { judgeForm } from './form-submission.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { type LeadInput, leadSchema } from './lead-schema.ts';
import type { SubmitLead } from './lead-service.ts';
import { readLeadState } from './lead-store.ts';
import { formSubmissionKey, headerSubmissionKey, type Submission } from './submission.ts';

const MAX_IDEMPOTENCY_KEY = 255;

export type LeadRouteDeps = {
  pool: Pool;
  pages: PageService;
  submit: SubmitLead;
  judgeToken: (token: string | undefined) => FormTokenVerdict;
  canaryTokenOf: CanaryTokenOf;
  authenticated: RequestHandler;
};

/**
 * POST /leads. JSON: 201 {lead_id, user}, 200 where the Idempotency-Key came before, 409 where it came with other
 * content, 422. A form: 303 to /thanks, or 422 and the page again with what was typed and what is wrong.
 * GET /leads/{id}, for services and canaries: the lead's state without the person's data.
 */
export function leadRoutes(app: Express, deps: LeadRouteDeps): void {
  app.post('/leads', async (request, response) => {
    if (request.is('application/x-www-form-urlencoded')) await takeForm(request, response, deps);
    else await takeJson(request, response, deps);
  });

  app.get('/leads/:id', deps.authenticated, requireRole('service', 'canary'), async (request, response) => {
    const id = z.uuid().safeParse(request.params['id']);
    const state = id.success ? await readLeadState(deps.pool, id.data) : undefined;
    if (!state) throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such lead.' });
    response.set('cache-control', 'no-store').json(state);
  });
}

async function takeJson(request: Request, response: Response, deps: LeadRouteDeps): Promise<void> {
  const lead = validated(leadSchema, request.body);
  const canaryToken = deps.canaryTokenOf(request);
  if (isStrayCanary(lead.email, canaryToken)) throw strayCanary();
  const key = idempotencyKeyOf(request);
  const outcome = await deps.submit({
    submission: toSubmission(lead),
    submissionKey: key === undefined ? undefined : () => headerSubmissionKey(key),
    canaryToken,
  });
  if (outcome.kind === 'conflict') throw idempotencyConflict();
  const { leadId, duplicate, user } = outcome;
  response.status(duplicate ? 200 : 201).json({ lead_id: leadId, user, ...(duplicate ? { duplicate } : {}) });
}

async function takeForm(request: Request, response: Response, deps: LeadRouteDeps): Promise<void> {
  const judgement = judgeForm(request.body, deps.judgeToken);
  if (judgement.kind === 'refuse') {
    await showAgain(response, judgement, deps.pages);
    return;
  }
  const { lead, nonce } = judgement;
  const canaryToken = deps.canaryTokenOf(request);
  if (isStrayCanary(lead.email, canaryToken)) throw strayCanary();
  await deps.submit({
    submission: toSubmission(lead),
    submissionKey: (content) => formSubmissionKey(nonce, content),
    canaryToken,
  });
  response.redirect(303, '/thanks');
}

async function showAgain(
  response: Response,
  { state, page }: { state: FormState; page: string | undefined },
  pages: PageService,
): Promise<void> {
  response.set('cache-control', 'no-store');
  const shown =
    (page === undefined ? undefined : await pages.landing(page, state)) ?? (await pages.index(state));
  sendPage(response, { ...shown, title: `Please correct: ${shown.title}` }, 422);
}

function toSubmission({ email, name, scholarship_id: scholarshipId, page }: LeadInput): Submission {
  return { email, name, scholarshipId, page };
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || (key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY)) return key;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `The Idempotency-Key header has 1 to ${MAX_IDEMPOTENCY_KEY} characters, for example a uuid.`,
  });
}

function idempotencyConflict(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'idempotency_conflict',
    detail: 'This Idempotency-Key came before with other content. Use a fresh key for another lead.',
  });
}

function strayCanary(): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'canary_token_required',
    detail:
      'Addresses at canary.invalid need a valid x-scholar-canary header. Compare CANARY_KEY on both sides.',
    fields: { errors: [{ pointer: '/email', expected: 'an address of a person, or a valid canary token' }] },
  });
}
