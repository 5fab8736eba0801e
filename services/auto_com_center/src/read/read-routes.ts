import { APP_LABELS, isUuidV4, normalizeEventId, PROBLEM_CODES, type ProblemCode } from '@scholar/contract';
import { type Express, HttpProblem, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { listRejected } from '../rejected/rejected-table.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import {
  cursorText,
  type EventQuery,
  eventFilterSchema,
  eventQuerySchema,
  MAX_LIMIT,
  simulatedWord,
} from './event-filter.ts';
import { findEvent, listEvents } from './event-store.ts';
import { eventView } from './event-view.ts';
import type { LiveTails } from './live-tails.ts';
import type { Observations } from './observations.ts';
import { eventTail, rejectedTail } from './tail-sources.ts';
import type { ShownTruthTable } from './truth-table.ts';

export type ReadDeps = {
  pool: Pool;
  requireReader: RequestHandler;
  tails: LiveTails;
  truthTable: (target: string | undefined) => Promise<ShownTruthTable>;
  observations: () => Promise<Observations>;
};

const rejectedId = z.string().regex(/^\d{1,18}$/);

const rejectedFilterSchema = z.object({
  app: z.enum(APP_LABELS).optional(),
  code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]).optional(),
  // What guards and canaries were refused is no fault of a sender.
  simulated: simulatedWord,
});

const rejectedQuerySchema = rejectedFilterSchema.extend({
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  cursor: rejectedId.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
});

/** `cursor` starts after an answer that the client has; on a reconnect Last-Event-ID is newer. */
const eventTailSchema = eventFilterSchema.extend({ cursor: cursorText.optional() });
const rejectedTailSchema = rejectedFilterSchema.extend({ cursor: rejectedId.optional() });

const targetSchema = z.object({ target: z.string().min(1).max(200).optional() });

/** Everything that may be asked of A8, behind a read key or a session. */
export function useReading(app: Express, deps: ReadDeps): void {
  const { pool, requireReader } = deps;

  app.get('/events', requireReader, async (request, response) => {
    response.json(await pageOf(pool, validated(eventQuerySchema, request.query)));
  });

  app.get('/events/stream', requireReader, async (request, response) => {
    const { cursor, ...filter } = validated(eventTailSchema, request.query);
    if (deps.tails.full) throw tooManyTails();
    const resume = request.get('last-event-id') ?? '';
    await deps.tails.serve(response, eventTail(pool, filter), parseCursor(resume) ? resume : cursor);
  });

  app.get('/rejected/stream', requireReader, async (request, response) => {
    const { cursor, app: label, code, simulated } = validated(rejectedTailSchema, request.query);
    if (deps.tails.full) throw tooManyTails();
    const resume = rejectedId.safeParse(request.get('last-event-id'));
    const source = rejectedTail(pool, { app: label, code, simulated });
    await deps.tails.serve(response, source, resume.data ?? cursor);
  });

  app.get('/rejected', requireReader, async (request, response) => {
    response.json(await rejectedPageOf(pool, validated(rejectedQuerySchema, request.query)));
  });

  app.get('/truth-table', requireReader, async (request, response) => {
    const { target } = validated(targetSchema, request.query);
    response.json(await deps.truthTable(target));
  });

  app.get('/observations', requireReader, async (_request, response) => {
    response.json(await deps.observations());
  });
}

/** `next_cursor` is null where there is no further page now; `position` goes on from here later, for who follows. */
async function pageOf(pool: Pool, query: EventQuery) {
  const rows = await listEvents(pool, query);
  const last = rows.at(-1);
  const position = last ?? query.cursor;
  return {
    events: rows.map(eventView),
    next_cursor: last !== undefined && rows.length === query.limit ? formatCursor(last) : null,
    position: position === undefined ? null : formatCursor(position),
  };
}

async function rejectedPageOf(pool: Pool, query: z.output<typeof rejectedQuerySchema>) {
  const { app, code, since, simulated, cursor: before, limit } = query;
  const rejected = await listRejected(pool, { app, code, since, simulated, before, limit });
  return { rejected, next_cursor: rejected.length === limit ? (rejected.at(-1)?.id ?? null) : null };
}

/** The event of an id, for the JSON route and the page. @throws HttpProblem 404. */
export async function eventOr404(pool: Pool, id: unknown) {
  const row = isUuidV4(id) ? await findEvent(pool, normalizeEventId(id)) : undefined;
  if (row !== undefined) return eventView(row);
  const detail = 'No event with this id is stored. Ask its forwarder whether it is still on the way.';
  throw new HttpProblem({ status: 404, code: 'not_found', detail });
}

function tooManyTails(): HttpProblem {
  const detail = 'Too many live tails are open. Close one, or page through GET /events with its cursor.';
  return new HttpProblem({ status: 503, code: 'unavailable', detail, headers: { 'retry-after': '10' } });
}
