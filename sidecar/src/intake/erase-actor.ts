import type { IncomingMessage } from 'node:http';
import { ERASED_ACTOR, MAX_BODY_BYTES } from '@scholar/contract';
import { type Outbox, OutboxError } from '../outbox/index.ts';
import { actorEraser } from './actor-eraser.ts';
import { ok, type Reply, refuse } from './answer.ts';
import { readBody } from './read-body.ts';

const EXPECTED = '{"actor_id": "<not empty>", "dry_run": true or false (default)}';

/** `POST /erase` of the operator and `POST /erasures` of the application: what is kept here of one actor loses its content. The actor is in the body: an address may be logged. */
export async function eraseActor(request: IncomingMessage, outbox: Pick<Outbox, 'erase'>): Promise<Reply> {
  const asked = read(await readBody(request, MAX_BODY_BYTES));
  if (asked === undefined) return refuse('invalid_body', { expected: EXPECTED, detail: `Send ${EXPECTED}.` });
  const { actorId, dryRun } = asked;
  try {
    return ok(200, { dry_run: dryRun, ...(await outbox.erase(actorEraser(actorId), { dryRun })) });
  } catch (error) {
    if (error instanceof OutboxError) return refuse('unavailable', { detail: error.message });
    throw error;
  }
}

function read(body: Buffer | 'too_large' | undefined): { actorId: string; dryRun: boolean } | undefined {
  if (body === undefined || body === 'too_large') return undefined;
  try {
    const { actor_id: actorId, dry_run: dryRun = false, ...rest } = JSON.parse(body.toString('utf8'));
    if (typeof actorId !== 'string' || actorId === '' || actorId === ERASED_ACTOR) return undefined;
    return typeof dryRun === 'boolean' && Object.keys(rest).length === 0 ? { actorId, dryRun } : undefined;
  } catch {
    return undefined;
  }
}
