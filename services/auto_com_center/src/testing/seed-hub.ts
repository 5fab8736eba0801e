import { APP_LABELS, APPS, type AppLabel, type TruthRow, type TruthTable } from '@scholar/contract';
import { anEvent, report, sendEvent } from './send.ts';

/** Events, refusals and a truth table with one red row, as a small system has them; every page has something to show. */
export async function seedHub(url: string): Promise<{ proven: string; refused: string }> {
  const sent = await Promise.all(
    APP_LABELS.filter((label) => label !== 'provider_register').map((label) => sendEvent(url, { label })),
  );
  const bad = anEvent({ payload: { amount_cents: 'ten' } });
  const { eventId: refused } = await sendEvent(url, { label: 'student_pilot', event: bad });
  const canary = await sendEvent(url, { label: 'scholar_auth', event: anEvent({ source: 'canary/x' }) });
  const ids = new Map<AppLabel, string>(
    APP_LABELS.map((label, place) => [label, sent[place]?.eventId ?? '']),
  );
  ids.set('scholar_auth', canary.eventId);
  ids.set('provider_register', '');
  const answer = await report(url, '/operations/verdicts', tableOf(ids));
  if (answer.status !== 201) throw new Error(`the truth table was refused: ${JSON.stringify(answer.body)}`);
  return { proven: canary.eventId, refused };
}

function tableOf(ids: ReadonlyMap<AppLabel, string>): TruthTable {
  const at = new Date().toISOString();
  const rows = APP_LABELS.map((label) => rowOf(label, ids.get(label) || null, at));
  return {
    ...{ at, environment: 'staging', target: 'local', p95_write_ms: 11.5, ok: false },
    ...{ table: rows, simulations: [] },
  };
}

function rowOf(label: AppLabel, eventId: string | null, at: string): TruthRow {
  const good = eventId !== null;
  const hops = {
    sent_at: at,
    answered_at: at,
    queued_at: at,
    received_at: at,
    receipt_at: at,
    read_at: null,
  };
  return {
    ...{
      app: APPS[label].number as TruthRow['app'],
      label,
      config: { ok: good, missing: good ? [] : ['A8_KEY'] },
    },
    reachable: { health: true, ready: good, p95_ms: 12 },
    event: {
      ...{ event_id: eventId, request_id: null, at, persisted: good, row: good },
      ...{ row_at: good ? at : null, write_ms: 9.5, retries: 0 },
    },
    ...(good ? { hops } : {}),
    owed: good
      ? { state: 'live', depth: 0, oldest_s: null, held: null }
      : { state: 'held', depth: 214, oldest_s: 612.4, held: 'key_refused: A8 answered 401' },
    minimum_per_hour: 0,
    verdict: good ? 'green' : 'red',
    reasons: good ? [] : ['The canary on its own path failed: it answered 503.'],
  };
}
