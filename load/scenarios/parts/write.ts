import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { eventIdOfIteration } from './event-id.ts';
import { prove } from './proof.ts';
import { runId, setting } from './settings.ts';

/** One event of a student who signs up, marked as simulated, so that it expires and no truth table counts it. */
export async function write(): Promise<void> {
  const eventId = eventIdOfIteration();
  const event = {
    event_type: 'NewUser',
    occurred_at: new Date().toISOString(),
    actor_id: `load_${runId()}_${exec.scenario.iterationInTest}`,
    source: 'canary/load',
    payload: { simulated: true, details: 'a student signs up' },
  };
  const answer = await http.asyncRequest('POST', `${setting('A8_URL')}/events`, JSON.stringify(event), {
    headers: {
      'content-type': 'application/json',
      'x-scholar-protocol': 'v3.5.1',
      'x-app-label': 'scholar_auth',
      'x-event-id': eventId,
      authorization: `Bearer ${setting('A8_KEY')}`,
    },
    tags: { op: 'write', name: 'POST /events' },
    responseCallback: http.expectedStatuses(200, 201),
  });
  const persisted = check(answer, {
    'A8 says persisted': ({ status, body }) =>
      (status === 201 || status === 200) && typeof body === 'string' && body.includes('"persisted":true'),
  });
  if (persisted) await prove(eventId);
  else console.error(`not acknowledged: ${eventId} (${answer.status} ${answer.error})`);
}
