import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { APP_LABELS, admit, contentHash, type KeyDecision, MAX_BODY_BYTES } from '@scholar/contract';
import { processEnv } from '@scholar/runtime/config';
import express from 'express';
import pg from 'pg';

/**
 * What one writes first in TypeScript: Express, a pool of `pg`, one prepared INSERT a request. It asks the same of an
 * event as A8 does, by the same contract, and answers the same receipt after the commit. It records no refusals, has no
 * metrics and no bound on what waits.
 */
const { PORT = '', DATABASE_URL = '', KEY_SHA256 = '', POOL = '' } = processEnv();
const digest = Buffer.from(KEY_SHA256, 'hex');
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });

function authorize(token: string | undefined): KeyDecision {
  const given = createHash('sha256')
    .update(token ?? '')
    .digest();
  if (!timingSafeEqual(given, digest)) return { ok: false, code: 'unauthorized' };
  return { ok: true, keyId: 'bench', labels: APP_LABELS };
}

const INSERT = `
INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, session_id, source, payload, simulated,
  content_hash, request_id, key_id, forwarder_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (event_id) DO UPDATE SET deliveries = events.deliveries + 1
WHERE events.content_hash = excluded.content_hash
RETURNING received_at, (xmax = 0) AS inserted`;

type Stored = { received_at: Date; inserted: boolean };

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/events', express.raw({ type: () => true, limit: MAX_BODY_BYTES }), async (request, response) => {
  const { method, url: path, headers } = request;
  const admission = admit(
    { method, path, headers, body: request.body as Buffer },
    {
      ...{ side: 'hub', authorize, legacyAliases: 'accept', environment: 'staging' },
      now: Date.now,
    },
  );
  if (!admission.ok) {
    response.status(admission.problem.status).json(admission.problem);
    return;
  }
  const { eventId, label, event, simulated, keyId } = admission;
  const requestId = randomUUID();
  const { rows } = await pool.query<Stored>({
    name: 'insert',
    text: INSERT,
    values: [
      ...[eventId, label, event.event_type, event.occurred_at, event.actor_id, event.session_id],
      ...[event.source, JSON.stringify(event.payload), simulated, contentHash(label, event)],
      ...[requestId, keyId, request.get('x-forwarder-id')],
    ],
  });
  const [row] = rows;
  if (row === undefined) {
    response.status(409).json({ code: 'event_id_conflict' });
    return;
  }
  response.status(row.inserted ? 201 : 200).json({
    ...{ accepted: true, persisted: true, event_id: eventId, received_at: row.received_at.toISOString() },
    ...{ duplicate: !row.inserted, request_id: requestId },
  });
});
app.listen(Number(PORT), '127.0.0.1');
