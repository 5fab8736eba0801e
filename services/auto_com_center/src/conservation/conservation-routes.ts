import {
  isUuidV4,
  MOST_CONSERVATION_IDS,
  MOST_CONSERVATION_MINUTES,
  minuteNumber,
  minuteSchema,
  normalizeEventId,
} from '@scholar/contract';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { readDigests, readForwarders, readIds } from './digests-table.ts';

const forwarder = z.string().min(1).max(128);
const minute = minuteSchema.transform(minuteNumber);

const isWindow = ({ from, to }: { from: number; to: number }): boolean =>
  from < to && to - from <= MOST_CONSERVATION_MINUTES;
const WINDOW_RULE = { error: `from must be before to, by at most ${MOST_CONSERVATION_MINUTES} minutes` };

const digestsQuerySchema = z.object({ forwarder, from: minute, to: minute }).refine(isWindow, WINDOW_RULE);
const forwardersQuerySchema = z.object({ from: minute, to: minute }).refine(isWindow, WINDOW_RULE);

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

const idsQuerySchema = z.object({
  forwarder,
  minute: minuteSchema,
  after: z.string().refine(isUuidV4).transform(normalizeEventId).default(FIRST),
  limit: z.coerce.number().int().min(1).max(MOST_CONSERVATION_IDS).default(1_000),
});

/** What A8 holds of each forwarder's events, to be compared with what A8 has acknowledged to it (contract, conservation). */
export function useConservation(app: Express, deps: { pool: Pool; requireOperations: RequestHandler }): void {
  const { pool, requireOperations } = deps;

  app.get('/operations/conservation', requireOperations, async (request, response) => {
    const { forwarder, ...range } = validated(digestsQuerySchema, request.query);
    response.set('cache-control', 'no-store');
    response.json({ forwarder_id: forwarder, minutes: await readDigests(pool, forwarder, range) });
  });

  app.get('/operations/conservation/forwarders', requireOperations, async (request, response) => {
    const range = validated(forwardersQuerySchema, request.query);
    response.set('cache-control', 'no-store');
    response.json({ forwarders: await readForwarders(pool, range) });
  });

  app.get('/operations/conservation/ids', requireOperations, async (request, response) => {
    const query = validated(idsQuerySchema, request.query);
    const event_ids = await readIds(pool, query);
    const next = event_ids.length === query.limit ? (event_ids.at(-1) ?? null) : null;
    response.set('cache-control', 'no-store');
    response.json({ event_ids, next });
  });
}
