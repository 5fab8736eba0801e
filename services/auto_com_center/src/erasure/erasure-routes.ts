import { bearerToken, ERASED_ACTOR, SYSTEM_ACTOR } from '@scholar/contract';
import { type Express, HttpProblem, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { z } from 'zod';
import { formatCursor } from '../read/cursor.ts';
import { cursorSchema, MAX_LIMIT } from '../read/event-filter.ts';
import type { ErasedActors } from './erased-actors.ts';
import { findErasure, listErasures, requestErasure } from './erasures-table.ts';
import { previewErasure } from './preview.ts';

export type ErasureDeps = {
  pool: Pool;
  requireOperations: RequestHandler;
  actors: ErasedActors;
  /** Id of the operations key of a token. */
  keyIdOf: (token: string | undefined) => string;
};

/** Rows of one preview; a seq scan of so many takes milliseconds. */
const PREVIEW_ROWS = 20_000;

const actorId = z
  .string()
  .min(1)
  .max(1_000)
  .refine((id) => id.isWellFormed() && !id.includes('\0'), { error: 'text that PostgreSQL can hold' })
  .refine((id) => id !== ERASED_ACTOR && id !== SYSTEM_ACTOR, {
    error: `the id of a person; "${SYSTEM_ACTOR}" and "${ERASED_ACTOR}" are none`,
  });

/** The actor is in the body, never in an address: those are logged on the way. */
export const erasureSchema = z.strictObject({ actor_id: actorId });
export const previewSchema = z.strictObject({ actor_id: actorId, after: cursorSchema.optional() });

const listSchema = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
});

/** To erase one actor: what it would change, the order to do so, and the record of it. Behind an operations key. */
export function useErasure(app: Express, deps: ErasureDeps): void {
  const { pool, requireOperations, actors, keyIdOf } = deps;

  app.post('/operations/erasures/preview', requireOperations, async (request, response) => {
    const { actor_id, after } = validated(previewSchema, request.body);
    const { last, ...found } = await previewErasure(pool, { actorId: actor_id, after, limit: PREVIEW_ROWS });
    response.json({ ...found, next: last === undefined ? null : formatCursor(last) });
  });

  app.post('/operations/erasures', requireOperations, async (request, response) => {
    const { actor_id } = validated(erasureSchema, request.body);
    const keyId = keyIdOf(bearerToken(request.headers));
    const erasure = await requestErasure(pool, { actorHash: await actors.hash(actor_id), keyId });
    await actors.refresh();
    response.status(202).json(erasure);
  });

  app.get('/operations/erasures', requireOperations, async (request, response) => {
    const { cursor, limit } = validated(listSchema, request.query);
    const erasures = await listErasures(pool, { before: cursor, limit });
    const next_cursor = erasures.length === limit ? (erasures.at(-1)?.erasure_id ?? null) : null;
    response.set('cache-control', 'no-store').json({ erasures, next_cursor });
  });

  app.get('/operations/erasures/:id', requireOperations, async (request, response) => {
    const id = String(request.params['id']);
    const found = /^\d{1,18}$/.test(id) ? await findErasure(pool, id) : undefined;
    if (found === undefined)
      throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no erasure with this id.' });
    response.set('cache-control', 'no-store').json(found);
  });
}
