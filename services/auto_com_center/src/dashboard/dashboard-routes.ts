import { readFile } from 'node:fs/promises';
import { bearerToken } from '@scholar/contract';
import { type Express, prefersHtml, type RequestHandler, sendPage } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { readSessionCookie } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import { sendSignIn } from '../access/sign-in-page.ts';
import type { WriteLatency } from '../ingest/write-latency.ts';
import { listEvents } from '../read/event-store.ts';
import { eventView } from '../read/event-view.ts';
import { eventOr404 } from '../read/read-routes.ts';
import type { ShownTruthTable } from '../read/truth-table.ts';
import { dashboardPage, HQ_STYLESHEET, LIVE_TAIL_SCRIPT } from './dashboard-page.ts';
import { eventPage } from './event-page.ts';

export type DashboardDeps = {
  pool: Pool;
  sessions: Sessions;
  requireReader: RequestHandler;
  latency: WriteLatency;
  truthTable: (target: string | undefined) => Promise<ShownTruthTable>;
};

const LATEST = 25;

/** Pages for people. Without a session the first page is the sign-in form. */
export function useDashboard(app: Express, deps: DashboardDeps): void {
  useAsset(app, HQ_STYLESHEET, 'hq.css');
  useAsset(app, LIVE_TAIL_SCRIPT, 'live-tail.js');

  app.get('/', async (request, response) => {
    response.set('cache-control', 'no-store');
    if (!(await deps.sessions.holds(readSessionCookie(request)))) return sendSignIn(response);
    const withSimulated = request.query['simulated'] === 'include';
    const [truthTable, rows] = await Promise.all([
      deps.truthTable(undefined),
      latest(deps.pool, withSimulated),
    ]);
    const { latency } = deps;
    sendPage(
      response,
      dashboardPage({
        truthTable,
        latest: rows.map(eventView),
        latency: { summary: latency.summary(), sorted: latency.sorted() },
        withSimulated,
      }),
    );
  });

  app.get('/events/:id', deps.requireReader, async (request, response) => {
    const event = await eventOr404(deps.pool, request.params['id']);
    // A program with a key gets JSON whatever it accepts; a browser with a cookie gets the page.
    if (bearerToken(request.headers) === undefined && prefersHtml(request))
      sendPage(response, eventPage(event));
    else response.json(event);
  });
}

function latest(pool: Pool, withSimulated: boolean) {
  return listEvents(pool, { simulated: withSimulated ? null : false, order: 'desc', limit: LATEST });
}

/** Serves a file of the package's assets folder, read once. */
function useAsset(app: Express, path: string, file: string): void {
  const content = readFile(new URL(`../../assets/${file}`, import.meta.url));
  app.get(path, async (_request, response) => {
    response
      .set('cache-control', 'public, max-age=300')
      .type(file)
      .send(await content);
  });
}
