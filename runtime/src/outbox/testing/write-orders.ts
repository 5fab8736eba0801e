/**
 * A process to be killed: writes orders, each with its event in one transaction, as fast as it can, while its relay
 * hands the events over. Arguments: database URL, forwarder URL.
 */
import { randomUUID } from 'node:crypto';
import { staticSecret } from '../../config/index.ts';
import { createPool, inTransaction } from '../../db/index.ts';
import { createEmitter, EMIT_METRICS } from '../../emit/index.ts';
import { createMetrics } from '../../metrics/index.ts';
import { createRelay, OUTBOX_METRICS, recordEvent } from '../index.ts';

const [url = '', forwarderUrl] = process.argv.slice(2);
const log = { info: () => {}, warn: () => {} };
const pool = createPool({ url, applicationName: 'orders' });
const emitter = createEmitter({
  mode: 'forwarder',
  eventNames: 'v3.5.1',
  forwarderUrl,
  a8Url: undefined,
  a8Key: staticSecret(undefined),
  log,
  metrics: createMetrics(EMIT_METRICS),
});
const relay = createRelay({ pool, emitter, log, metrics: createMetrics(OUTBOX_METRICS), batchSize: 10 });
relay.start();
for (;;) {
  const eventId = randomUUID();
  await inTransaction(pool, async (tx) => {
    await tx.query('INSERT INTO orders VALUES ($1)', [eventId]);
    await recordEvent(tx, { eventId, label: 'scholar_auth', event: { event_type: 'PageView', eventId } });
  });
  relay.nudge();
}
