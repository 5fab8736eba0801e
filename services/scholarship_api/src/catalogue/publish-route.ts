import {
  type AuthDeps,
  authenticated,
  type Principal,
  principalOf,
  requireRole,
} from '@scholar/runtime/auth';
import { HttpProblem, validated } from '@scholar/runtime/http';
import type { Express, Request, RequestHandler } from 'express';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { signedIn } from '../signed-in.ts';
import { listingUnpaid, notYours, refuseStep } from './refusals.ts';
import { readIfMatch, refuseOutdated, setRevision } from './revision.ts';
import type { Scholarship } from './scholarship.ts';
import { becomeOnlyWriter, countListingsTaken, updateScholarship } from './store.ts';

type PublishDeps = {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  auth: AuthDeps;
  existing: (tx: PoolClient, req: Request) => Promise<Scholarship>;
};

/** Keeps the books of what was paid; no other service may say how much that is. */
const BOOKKEEPER = 'provider_register';

const paid = z.strictObject({
  /** Whose it has to be. */
  owner_provider_id: z.string({ error: 'the id of its owner' }).min(1).max(200),
  /** Listings that this owner has paid for and not got back, whether used or not. */
  listings: z.int({ error: 'how many listings are paid' }).min(0).max(1_000_000),
});
/** Staff answers for what it publishes. */
const unpaid = z.strictObject({});

/**
 * POST /scholarships/:id/publish → 200 with the scholarship, which is public now; again the same. For provider_register `{owner_provider_id,
 * listings}`: the first time takes up one of that many listings, else 403 `listing_unpaid`. For staff `{}`. If-Match as everywhere.
 */
export function publishRoute(app: Express, deps: PublishDeps): void {
  const today = () => new Date(deps.auth.clock.now()).toISOString().slice(0, 10);
  const mayPublish = [authenticated(deps.auth), requireRole('service', 'staff'), onlyBookkeeperOrStaff];
  app.post('/scholarships/:id/publish', ...mayPublish, async (req, res) => {
    const proof = proofOf(signedIn(res), req.body);
    const ifMatch = readIfMatch(req);
    const scholarship = await deps.withTransaction(async (tx) => {
      // Two drafts that are published at once must not both find the same listing unused.
      await becomeOnlyWriter(tx);
      const before = await deps.existing(tx, req);
      if (proof && before.owner_provider_id !== proof.owner_provider_id) throw notYours();
      if (before.status === 'published') return before;
      refuseOutdated(ifMatch, before);
      refuseStep(before.status, { ...before, status: 'published' }, today());
      const takes = proof !== undefined && before.status === 'draft';
      if (takes) await requireListing(tx, proof);
      const after = await updateScholarship(tx, before, {
        status: 'published',
        ...(takes ? { took_listing: true } : {}),
      });
      if (after === undefined) throw new Error('a scholarship changed while nobody else could write');
      return after;
    });
    setRevision(res, scholarship).json(scholarship);
  });
}

/** Undefined for staff, which needs none. */
function proofOf(principal: Principal, body: unknown): z.output<typeof paid> | undefined {
  if (isBookkeeper(principal)) return validated(paid, body);
  validated(unpaid, body ?? {});
  return undefined;
}

/** A listing stays used up, whatever becomes of what it made public. @throws HttpProblem 403 where none is left */
async function requireListing(tx: PoolClient, proof: z.output<typeof paid>): Promise<void> {
  if ((await countListingsTaken(tx, proof.owner_provider_id)) >= proof.listings) throw listingUnpaid();
}

function isBookkeeper({ kind, label }: Principal): boolean {
  return kind === 'service' && label === BOOKKEEPER;
}

const onlyBookkeeperOrStaff: RequestHandler = (_request, response, next) => {
  const principal = principalOf(response);
  if (principal && (isBookkeeper(principal) || principal.roles.includes('staff'))) return next();
  next(
    new HttpProblem({
      status: 403,
      code: 'forbidden',
      detail: `Only ${BOOKKEEPER} and staff may publish.`,
    }),
  );
};
