import { type AuthDeps, authenticated, requireRole } from '@scholar/runtime/auth';
import { HttpProblem, validated } from '@scholar/runtime/http';
import type { Express, Request } from 'express';
import type { Pool, PoolClient } from 'pg';
import { signedIn } from '../signed-in.ts';
import { idOfNew, readIdempotencyKey } from './idempotency.ts';
import { isFirstPublication, mayDelete } from './lifecycle.ts';
import { listingRequired, notYours, refuseContradiction, refuseStep } from './refusals.ts';
import { readIfMatch, refuseOutdated, setRevision } from './revision.ts';
import {
  type Scholarship,
  type ScholarshipPatch,
  scholarshipInput,
  scholarshipPatch,
} from './scholarship.ts';
import { deleteDraft, findScholarship, insertUnlessThere, updateScholarship } from './store.ts';

type ManageDeps = {
  pool: Pool;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  auth: AuthDeps;
  existing: (tx: PoolClient, req: Request) => Promise<Scholarship>;
};

/**
 * POST /scholarships → 201, with an Idempotency-Key that was there before 200 with what it made; PATCH /scholarships/:id → 200, DELETE /scholarships/:id → 204: providers, each their own. With
 * If-Match a change is made of the revision that it names, or not at all (412). What was never public is published by
 * publish-route.ts alone.
 */
export function manageRoutes(app: Express, deps: ManageDeps): void {
  const today = () => new Date(deps.auth.clock.now()).toISOString().slice(0, 10);
  const provider = [authenticated(deps.auth), requireRole('provider')];
  app.post('/scholarships', ...provider, async (req, res) => {
    const input = validated(scholarshipInput, req.body);
    refuseContradiction(input);
    refuseStep(undefined, input, today());
    if (isFirstPublication(undefined, input)) throw listingRequired();
    const ownerProviderId = signedIn(res).subject;
    const id = idOfNew(ownerProviderId, readIdempotencyKey(req));
    const made = await insertUnlessThere(deps.pool, input, { id, ownerProviderId });
    const scholarship = made ?? (await findScholarship(deps.pool, id));
    if (scholarship === undefined) throw deletedMeanwhile();
    setRevision(res, scholarship).status(made ? 201 : 200);
    res.location(`/scholarships/${id}`).json(scholarship);
  });
  app.patch('/scholarships/:id', ...provider, async (req, res) => {
    const patch = validated(scholarshipPatch, req.body);
    const own = ownScholarship(deps, req, signedIn(res).subject);
    const scholarship = await deps.withTransaction((tx) =>
      untilUndisturbed(async () => {
        const before = await own(tx);
        refuseImpossible(before, patch, today());
        return updateScholarship(tx, before, patch);
      }),
    );
    setRevision(res, scholarship).json(scholarship);
  });
  app.delete('/scholarships/:id', ...provider, async (req, res) => {
    const own = ownScholarship(deps, req, signedIn(res).subject);
    await deps.withTransaction((tx) =>
      untilUndisturbed(async () => {
        const before = await own(tx);
        if (!mayDelete(before)) throw wasPublic();
        return deleteDraft(tx, before);
      }),
    );
    res.status(204).end();
  });
}

/** Reads the scholarship of a request as it is now. @throws HttpProblem 404, 403 for another's, 412 for another revision. */
function ownScholarship(deps: ManageDeps, req: Request, owner: string) {
  const ifMatch = readIfMatch(req);
  return async (tx: PoolClient): Promise<Scholarship> => {
    const scholarship = await deps.existing(tx, req);
    if (scholarship.owner_provider_id !== owner) throw notYours();
    refuseOutdated(ifMatch, scholarship);
    return scholarship;
  };
}

/** Others who may change the same scholarship between our reading and our writing before we give up. */
const MOST_ATTEMPTS = 5;

/**
 * Judges and writes anew while somebody else was faster, who is then judged with.
 * @param attempt undefined where what it read was not there any more when it wrote
 */
async function untilUndisturbed<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < MOST_ATTEMPTS; count += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new HttpProblem({
    status: 409,
    code: 'conflict',
    detail: 'Others change this scholarship all the time. Read it again, and try again.',
  });
}

function refuseImpossible(before: Scholarship, patch: ScholarshipPatch, today: string): void {
  const after = { ...before, ...definedOnly(patch) };
  refuseContradiction(after);
  refuseStep(before.status, after, today);
  if (isFirstPublication(before.status, after)) throw listingRequired();
}

function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function deletedMeanwhile(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'conflict',
    detail: 'This scholarship was made before and has just been deleted. Send it again to make it anew.',
  });
}

function wasPublic(): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: 'Only a draft can be deleted. End what was published: set its status to expired.',
    fields: { errors: [{ pointer: '/status', expected: 'draft' }] },
  });
}
