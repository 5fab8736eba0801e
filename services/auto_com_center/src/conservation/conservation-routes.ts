import { conservationIdsQuerySchema, hubConservationQuerySchema } from '@scholar/contract';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { readDigests, readForwarders, readIds } from './digests-table.ts';

const ofForwarder = z.object({ forwarder: z.string().min(1).max(128) });

/** What A8 holds of each forwarder's events, to be compared with what A8 has acknowledged to it (contract, conservation). */
export function useConservation(app: Express, deps: { pool: Pool; requireOperations: RequestHandler }): void {
  const { pool, requireOperations } = deps;

  app.get('/operations/conservation', requireOperations, async (request, response) => {
    const { forwarder } = validated(ofForwarder, request.query);
    const range = validated(hubConservationQuerySchema, request.query);
    response.set('cache-control', 'no-store');
    response.json({ forwarder_id: forwarder, minutes: await readDigests(pool, forwarder, range) });
  });

  app.get('/operations/conservation/forwarders', requireOperations, async (request, response) => {
    const range = validated(hubConservationQuerySchema, request.query);
    response.set('cache-control', 'no-store');
    response.json({ forwarders: await readForwarders(pool, range) });
  });

  app.get('/operations/conservation/ids', requireOperations, async (request, response) => {
    const { forwarder } = validated(ofForwarder, request.query);
    const query = validated(conservationIdsQuerySchema, request.query);
    const event_ids = await readIds(pool, { forwarder, ...query });
    const next = event_ids.length === query.limit ? (event_ids.at(-1) ?? null) : null;
    response.set('cache-control', 'no-store');
    response.json({ event_ids, next });
  });
}
