import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Express, type RequestHandler, type Response, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import type { Cursor } from '../../read/cursor.ts';
import { MAX_LIMIT } from '../../read/event-filter.ts';
import { listEvents } from '../../read/event-store.ts';
import { eventView } from '../../read/event-view.ts';
import { listRejected } from '../../rejected/rejected-table.ts';
import { simulatedOf, type ViewFilter, viewFilterSchema, WITHIN } from '../view-filter.ts';
import { csvLine } from './csv.ts';

export type ExportDeps = { pool: Pool; requireReader: RequestHandler; now: () => number };

type Rows = AsyncGenerator<Record<string, unknown>[]>;

const EVENT_COLUMNS = [
  ...['received_at', 'app_label', 'event_type', 'event_id', 'occurred_at', 'simulated', 'source', 'actor_id'],
  ...['session_id', 'deliveries', 'request_id', 'key_id', 'forwarder_id', 'canary_id', 'traceparent'],
  ...['content_hash', 'erased_at', 'cursor', 'payload'],
];

const REJECTED_COLUMNS = [
  ...[
    'at',
    'app_label',
    'code',
    'pointer',
    'expected',
    'got',
    'event_id',
    'key_id',
    'request_id',
    'canary_id',
  ],
  ...['size_bytes', 'key_names', 'suppressed', 'content_hash', 'body_hash', 'id'],
];

/**
 * Everything that a filter lets through as one file, newest first. Read page by page behind the cursor, each page only
 * when the client has taken the last one: neither side holds more than a page, however long the file is. A failure on
 * the way cuts the connection, so that half a file is never taken for a whole one.
 */
export function useExports(app: Express, { pool, requireReader, now }: ExportDeps): void {
  app.get('/events/export', requireReader, async (request, response) => {
    const shown = validated(viewFilterSchema, request.query);
    const rows = eventPages(pool, shown, sinceOf(shown, now()));
    await send(response, { name: 'events', columns: EVENT_COLUMNS, format: shown.format, rows });
  });

  app.get('/rejected/export', requireReader, async (request, response) => {
    const shown = validated(viewFilterSchema, request.query);
    const rows = rejectedPages(pool, shown, sinceOf(shown, now()));
    await send(response, { name: 'rejected', columns: REJECTED_COLUMNS, format: shown.format, rows });
  });
}

function sinceOf({ within }: ViewFilter, nowMs: number): Date {
  return new Date(nowMs - WITHIN[within ?? '24h'].ms);
}

async function* eventPages(pool: Pool, shown: ViewFilter, since: Date): Rows {
  const { app, type } = shown;
  const filter = {
    app,
    type,
    simulated: simulatedOf(shown),
    since,
    order: 'desc',
    limit: MAX_LIMIT,
  } as const;
  let cursor: Cursor | undefined;
  do {
    const rows = await listEvents(pool, { ...filter, cursor });
    yield rows.map(eventView);
    cursor = rows.length === MAX_LIMIT ? rows.at(-1) : undefined;
  } while (cursor !== undefined);
}

async function* rejectedPages(pool: Pool, shown: ViewFilter, since: Date): Rows {
  const { app, code } = shown;
  let before: string | undefined;
  do {
    const rows = await listRejected(pool, {
      ...{ app, code, simulated: simulatedOf(shown), since, before, limit: MAX_LIMIT },
    });
    yield rows;
    before = rows.length === MAX_LIMIT ? rows.at(-1)?.id : undefined;
  } while (before !== undefined);
}

type File = { name: string; columns: readonly string[]; format: 'csv' | 'json'; rows: Rows };

async function send(response: Response, { name, columns, format, rows }: File): Promise<void> {
  const chunks = format === 'csv' ? csvChunks(columns, rows) : jsonChunks(rows);
  // The first page is read before the head of the answer goes out, so that a database that is away is a 503.
  const first = await chunks.next();
  response
    .status(200)
    .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
    .set({ 'content-disposition': `attachment; filename="${name}.${format}"`, 'cache-control': 'no-store' });
  // A client that goes away in the middle is no fault; whatever else fails has cut the connection.
  await pipeline(
    Readable.from(startingWith(first.value ?? '', chunks), { objectMode: false }),
    response,
  ).catch(() => {});
}

async function* startingWith(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* csvChunks(columns: readonly string[], rows: Rows): AsyncGenerator<string> {
  let head = csvLine(columns);
  for await (const page of rows) {
    yield head + page.map((row) => csvLine(columns.map((column) => row[column]))).join('');
    head = '';
  }
}

async function* jsonChunks(rows: Rows): AsyncGenerator<string> {
  let before = '[\n';
  for await (const page of rows) {
    if (page.length === 0) continue;
    yield before + page.map((row) => JSON.stringify(row)).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
