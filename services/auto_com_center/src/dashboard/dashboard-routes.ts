import { bearerToken } from '@scholar/contract';
import {
  type Express,
  HttpProblem,
  prefersHtml,
  type RequestHandler,
  validated,
} from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { requirePerson, type SignInDeps } from '../access/sign-in.ts';
import type { WriteLatency } from '../ingest/write-latency.ts';
import { findEvent } from '../read/event-store.ts';
import { eventOr404 } from '../read/read-routes.ts';
import type { ShownTruthTable } from '../read/truth-table.ts';
import { findRejected } from '../rejected/rejected-table.ts';
import type { Sightings } from '../sightings/sightings.ts';
import { useHqAssets } from './assets.ts';
import { eventPage } from './event/event-page.ts';
import { readEventStory } from './event/event-story.ts';
import { useExports } from './export/export-routes.ts';
import { sendHqPage } from './hq-page.ts';
import { overviewPage } from './overview/overview-page.ts';
import { readApps } from './overview/read-apps.ts';
import { readRefused } from './refused/read-refused.ts';
import { refusalPage, refusedPage } from './refused/refused-page.ts';
import { readTail } from './tail/tail-facts.ts';
import { tailPage } from './tail/tail-page.ts';
import { viewFilterSchema } from './view-filter.ts';
import { MinuteCounts } from './volume/minute-counts.ts';
import { type VolumeWindow, volumePage, WINDOW_MINUTES } from './volume/volume-page.ts';

export type DashboardDeps = SignInDeps & {
  pool: Pool;
  requireReader: RequestHandler;
  latency: WriteLatency;
  sightings: Pick<Sightings, 'flush'>;
  truthTable: (target: string | undefined) => Promise<ShownTruthTable>;
  clock: { now(): number; monotonic(): number };
};

/** Of one look at the volume, milliseconds; what is left is counted with the next look. */
const COUNT_BUDGET_MS = 1_500;

/** Pages for people. Without a session each of them is the sign-in form, which leads on to it. */
export function useDashboard(app: Express, deps: DashboardDeps): void {
  const { pool, clock } = deps;
  const person = requirePerson(deps);
  const now = () => clock.now();
  const counts = new MinuteCounts({
    ...{ pool, now, budgetMs: COUNT_BUDGET_MS },
    monotonic: () => clock.monotonic(),
  });
  useHqAssets(app);
  useExports(app, { pool, requireReader: deps.requireReader, now });

  app.get('/', person, async (request, response) => {
    const truthTable = await deps.truthTable(undefined);
    const apps = await readApps({ ...deps, counts, truthTable });
    const latency = { summary: deps.latency.summary(), sorted: deps.latency.sorted() };
    sendHqPage(request, response, overviewPage({ truthTable, apps, latency, nowMs: now() }));
  });

  app.get('/live', person, async (request, response) => {
    const shown = validated(viewFilterSchema, request.query);
    const tail = await readTail(pool, { ...shown, within: shown.within ?? '1h' }, now());
    sendHqPage(request, response, tailPage(tail));
  });

  app.get('/volume', person, async (request, response) => {
    const shown = validated(viewFilterSchema, request.query);
    const window: VolumeWindow = shown.within === undefined || shown.within === '7d' ? '1h' : shown.within;
    const counted = await counts.count(WINDOW_MINUTES[window]);
    sendHqPage(request, response, volumePage(shown, window, counted));
  });

  app.get('/refused', person, async (request, response) => {
    const shown = validated(viewFilterSchema, request.query);
    const within = shown.within ?? '24h';
    const refused = await readRefused({ pool, counts, nowMs: now() }, { ...shown, within });
    sendHqPage(request, response, refusedPage(refused));
  });

  app.get('/refused/:id', person, async (request, response) => {
    const id = String(request.params['id']);
    const row = /^\d{1,18}$/.test(id) ? await findRejected(pool, id) : undefined;
    if (row === undefined) throw noRefusal();
    const stored = row.event_id !== null && (await findEvent(pool, row.event_id)) !== undefined;
    sendHqPage(request, response, refusalPage(row, stored));
  });

  // A program with a key gets JSON whatever it accepts; a browser gets the page.
  app.get(
    '/events/:id',
    (request, response, next) =>
      isBrowser(request) ? person(request, response, next) : deps.requireReader(request, response, next),
    async (request, response) => {
      const event = await eventOr404(pool, request.params['id']);
      if (!isBrowser(request)) response.json(event);
      else sendHqPage(request, response, eventPage(event, await readEventStory(pool, event)));
    },
  );
}

function isBrowser(request: Parameters<RequestHandler>[0]): boolean {
  return bearerToken(request.headers) === undefined && prefersHtml(request);
}

function noRefusal(): HttpProblem {
  const detail =
    'No refusal has this number. Refusals expire (REJECTED_RETENTION_DAYS); the list has those that are there.';
  return new HttpProblem({ status: 404, code: 'not_found', detail });
}
