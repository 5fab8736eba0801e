import { heartbeatSchema, repairRecordSchema, truthTableSchema } from '@scholar/contract';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { insertHeartbeat, insertRepair, insertVerdict } from './operations-table.ts';

/** What is not one of the eight event types is not an event: the operator's reports have routes of their own. */
export function useOperations(app: Express, deps: { pool: Pool; requireOperations: RequestHandler }): void {
  const { pool, requireOperations } = deps;
  app.post('/operations/verdicts', requireOperations, async (request, response) => {
    const id = await insertVerdict(pool, validated(truthTableSchema, request.body));
    response.status(201).json({ stored: true, id });
  });
  app.post('/operations/repairs', requireOperations, async (request, response) => {
    const id = await insertRepair(pool, validated(repairRecordSchema, request.body));
    response.status(201).json({ stored: true, id });
  });
  app.post('/operations/heartbeats', requireOperations, async (request, response) => {
    const id = await insertHeartbeat(pool, validated(heartbeatSchema, request.body));
    response.status(201).json({ stored: true, id });
  });
}
