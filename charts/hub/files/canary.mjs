// The pod of `helm test`: a canary goes to A8 by the contract, and its row is read back with another key. A receipt
// alone proves nothing here. Secrets come as files and are never printed.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const [url, label, timeoutSeconds, root = '/app'] = process.argv.slice(2);
const { eventHeaders, mintCanary } = createRequire(`${root}/operator/`)('@scholar/contract');

const secret = (path) => readFileSync(path, 'utf8').replace(/\r?\n$/, '');
const folder = process.env.SECRETS_DIR ?? '/etc/scholar';
const emitKey = secret(`${folder}/a8/A8_KEY`);
const readKey = secret(`${folder}/operator/A8_READ_KEY`);
const canaryKey = secret(`${folder}/operator/CANARY_KEY`);

const eventId = randomUUID();
const deadline = Date.now() + Number(timeoutSeconds) * 1000;
const canary = mintCanary(canaryKey, { canaryId: randomUUID(), notAfterMs: deadline });
const event = {
  event_type: 'PageView',
  occurred_at: new Date().toISOString(),
  actor_id: 'canary',
  source: 'canary/helm-test',
  payload: { simulated: true },
};

const send = {
  method: 'POST',
  headers: eventHeaders({ label, eventId, key: emitKey, canary }),
  body: JSON.stringify(event),
};
const read = { headers: { authorization: `Bearer ${readKey}`, accept: 'application/json' } };

/** Asks until `wanted` says yes; A8 may still be starting, and the same id may be sent again. */
async function until(what, path, request, wanted) {
  for (let last = 'no answer'; ; await pause(1000)) {
    try {
      const response = await fetch(`${url}${path}`, { ...request, signal: AbortSignal.timeout(5000) });
      const body = await response.json();
      if (wanted(response.status, body)) return body;
      last = `${response.status} ${body.code ?? ''} ${body.detail ?? ''}`.trim();
    } catch (error) {
      last = error.cause?.code ?? error.message;
    }
    if (Date.now() > deadline) {
      console.error(`${what}: ${url}${path} answered ${last} until the end of ${timeoutSeconds} s.`);
      process.exit(1);
    }
  }
}

await until(
  'The canary was not stored',
  '/events',
  send,
  (status, body) => status < 300 && body.persisted === true,
);
const row = await until('The row is not there', `/events/${eventId}`, read, (status) => status === 200);
console.log(
  `Event ${eventId} of ${label} is a row since ${row.received_at ?? row.event?.received_at ?? 'now'}.`,
);
