import { HEADER, headerText } from '@scholar/contract';
import { type AuthDeps, authenticated, requireRole } from '@scholar/runtime/auth';
import { unlessAway } from '@scholar/runtime/away';
import { limitClients } from '@scholar/runtime/client-limit';
import { HttpProblem, validated } from '@scholar/runtime/http';
import type { Express, Request, Response } from 'express';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { signedIn } from '../signed-in.ts';
import type { FacetCopy } from './facet-copy.ts';
import { manageRoutes } from './manage-route.ts';
import { publishRoute } from './publish-route.ts';
import { setRevision } from './revision.ts';
import type { Scholarship } from './scholarship.ts';
import { filters, ownQuery, type SearchQuery, searchQuery } from './search-query.ts';
import { findScholarship, type SearchPage, scholarshipsOf, searchScholarships } from './store.ts';
import { suggest } from './suggest/suggest.ts';
import type { Vocabulary } from './suggest/vocabulary.ts';
import { noteViewer, type Viewer, viewerOf } from './viewer.ts';

/** What the catalogue needs; a part of the deps that `runService` hands over. */
export type CatalogueDeps = {
  pool: Pool;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  record: (
    tx: PoolClient,
    event: {
      eventType: 'PageView';
      actorId: string;
      source: string;
      payload: Record<string, unknown>;
      canaryToken?: string | undefined;
    },
  ) => Promise<unknown>;
  auth: AuthDeps;
  facets: Pick<FacetCopy, 'count'>;
  vocabulary: Pick<Vocabulary, 'nearest'>;
};

/** Searches that one client may make, and scholarships that it may open: far more than anybody reads, also of several behind one address. */
const READS = { burst: 120, perMinute: 600 };
/** Counts that one client may have: a person who clicks from facet to facet asks once a second. */
const COUNTS = { burst: 60, perMinute: 300 };

/** GET /scholarships, /scholarships/facets, /scholarships/mine, /scholarships/:id, and what providers may change. */
export function catalogueRoutes(app: Express, deps: CatalogueDeps): void {
  const { auth } = deps;
  const principalOf = (_request: Request, response: Response) => viewerOf(response).principal;
  const limited = (limits: typeof READS) => [
    noteViewer(auth),
    limitClients({ clock: auth.clock, principalOf }, limits),
  ];
  app.get('/scholarships', ...limited(READS), async (req, res) => {
    const viewer = viewerOf(res);
    const query = validated(searchQuery, req.query);
    const page = await deps.withTransaction(async (tx) => {
      const found = await searchScholarships(tx, query);
      // The search words stay here: a source or a payload never carries what a user typed.
      if (found !== undefined) await recordView(deps, tx, { req, viewer, source: '/scholarships' });
      return found;
    });
    if (page === undefined) throw badCursor();
    res.json({ ...page, ...(await suggestion(deps, query, page)) });
  });
  // The counts beside a list: the list is the page view, not they.
  app.get('/scholarships/facets', ...limited(COUNTS), async (req, res) => {
    res.json(await deps.facets.count(validated(filters, req.query)));
  });
  app.get('/scholarships/mine', authenticated(deps.auth), requireRole('provider'), async (req, res) => {
    const page = await scholarshipsOf(deps.pool, signedIn(res).subject, validated(ownQuery, req.query));
    if (page === undefined) throw badCursor();
    res.json(page);
  });
  app.get('/scholarships/:id', ...limited(READS), async (req, res) => {
    const viewer = viewerOf(res);
    const scholarship = await deps.withTransaction(async (tx) => {
      const found = await existing(tx, req);
      if (!mayRead(found, viewer)) throw notFound();
      await recordView(deps, tx, { req, viewer, source: '/scholarships/{id}', scholarshipId: found.id });
      return found;
    });
    setRevision(res, scholarship).json(scholarship);
  });
  manageRoutes(app, { ...deps, existing });
  publishRoute(app, { ...deps, existing });
}

/** What may have been meant where words found nothing. An extra: while it cannot be had, the page is there without it. */
async function suggestion(
  { pool, vocabulary }: CatalogueDeps,
  { q, cursor, ...filters }: SearchQuery,
  page: SearchPage,
): Promise<{ did_you_mean?: string }> {
  if (!q || cursor !== undefined || page.scholarships.length > 0) return {};
  const found = await unlessAway(async () => ({ meant: await suggest(pool, vocabulary, { ...filters, q }) }));
  return found?.meant === undefined ? {} : { did_you_mean: found.meant };
}

async function recordView(
  deps: CatalogueDeps,
  tx: PoolClient,
  view: { req: Request; viewer: Viewer; source: string; scholarshipId?: string },
): Promise<void> {
  if (view.viewer.countsAs === undefined) return;
  await deps.record(tx, {
    eventType: 'PageView',
    actorId: view.viewer.countsAs,
    source: view.source,
    payload: view.scholarshipId === undefined ? {} : { scholarship_id: view.scholarshipId },
    canaryToken: headerText(view.req.headers, HEADER.canary),
  });
}

function mayRead(scholarship: Scholarship, { principal }: Viewer): boolean {
  if (scholarship.status !== 'draft') return true;
  return principal?.kind === 'user' && principal.subject === scholarship.owner_provider_id;
}

/** @throws HttpProblem 404 when the id is no id, or nobody's. */
async function existing(db: PoolClient, req: Request): Promise<Scholarship> {
  const id = z.uuid().safeParse(req.params['id']);
  const found = id.success ? await findScholarship(db, id.data) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such scholarship.' });
}

function badCursor(): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: 'This cursor does not belong to this search. Begin again without a cursor.',
    fields: { errors: [{ pointer: '/cursor', expected: 'the next_cursor of the same search' }] },
  });
}
