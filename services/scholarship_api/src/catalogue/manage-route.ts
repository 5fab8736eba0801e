import { randomUUID } from 'node:crypto';
import { type AuthDeps, authenticated, requireRole } from '@scholar/runtime/auth';
import { HttpProblem, validated } from '@scholar/runtime/http';
import type { Express, Request } from 'express';
import type { Pool, PoolClient } from 'pg';
import { signedIn } from '../signed-in.ts';
import { lifecycleRefusal, mayDelete } from './lifecycle.ts';
import { contradiction, type Scholarship, scholarshipInput, scholarshipPatch } from './scholarship.ts';
import { deleteDraft, insertScholarship, updateScholarship } from './store.ts';

type ManageDeps = {
  pool: Pool;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  auth: AuthDeps;
  existing: (tx: PoolClient, req: Request) => Promise<Scholarship>;
};

/** POST /scholarships → 201, PATCH /scholarships/:id → 200, DELETE /scholarships/:id → 204: providers, each their own. */
export function manageRoutes(app: Express, deps: ManageDeps): void {
  const today = () => new Date(deps.auth.clock.now()).toISOString().slice(0, 10);
  const provider = [authenticated(deps.auth), requireRole('provider')];
  app.post('/scholarships', ...provider, async (req, res) => {
    const input = validated(scholarshipInput, req.body);
    refuseContradiction(input);
    refuseStep(undefined, input, today());
    const identity = { id: randomUUID(), ownerProviderId: signedIn(res).subject };
    const scholarship = await insertScholarship(deps.pool, input, identity);
    res.status(201).location(`/scholarships/${scholarship.id}`).json(scholarship);
  });
  app.patch('/scholarships/:id', ...provider, async (req, res) => {
    const patch = validated(scholarshipPatch, req.body);
    const owner = signedIn(res).subject;
    const scholarship = await deps.withTransaction(async (tx) => {
      const before = await deps.existing(tx, req);
      if (before.owner_provider_id !== owner) throw notYours();
      const after = { ...before, ...definedOnly(patch) };
      refuseContradiction(after);
      refuseStep(before.status, after, today());
      return updateScholarship(tx, before.id, patch);
    });
    res.json(scholarship);
  });
  app.delete('/scholarships/:id', ...provider, async (req, res) => {
    const owner = signedIn(res).subject;
    await deps.withTransaction(async (tx) => {
      const before = await deps.existing(tx, req);
      if (before.owner_provider_id !== owner) throw notYours();
      // Judged by the statement itself: it may have been published since it was read.
      if (!mayDelete(before) || !(await deleteDraft(tx, before.id))) throw wasPublic();
    });
    res.status(204).end();
  });
}

function refuseStep(...step: Parameters<typeof lifecycleRefusal>): void {
  const refusal = lifecycleRefusal(...step);
  if (refusal === undefined) return;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `This step is not possible. ${refusal.pointer}: ${refusal.expected}`,
    fields: { errors: [refusal] },
  });
}

function refuseContradiction(input: Parameters<typeof contradiction>[0]): void {
  const found = contradiction(input);
  if (found === undefined) return;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `Some values are not as they should be. /max_age: ${found}`,
    fields: { errors: [{ pointer: '/max_age', expected: 'at least min_age' }] },
  });
}

function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function wasPublic(): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: 'Only a draft can be deleted. End what was published: set its status to expired.',
    fields: { errors: [{ pointer: '/status', expected: 'draft' }] },
  });
}

function notYours(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'forbidden',
    detail: 'This scholarship belongs to another provider. Change your own only.',
  });
}
