import { randomUUID } from 'node:crypto';
import { APP_LABELS, APPS, type TruthTable } from '@scholar/contract';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { truthTableView } from '../dashboard/overview/truth-table-view.ts';
import { read, report, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';
import { type ShownTruthTable, showTruthTable } from './truth-table.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** A green table whose rows rest on the given ids. */
function aTable(ids: readonly string[]): TruthTable {
  const at = '2026-11-24T12:00:00.000Z';
  return {
    at,
    environment: 'staging',
    target: 'local',
    p95_write_ms: 4,
    ok: true,
    table: APP_LABELS.map((label, index) => ({
      app: APPS[label].number,
      label,
      config: { ok: true, missing: [] },
      reachable: { health: true, ready: true, p95_ms: 3 },
      event: {
        event_id: ids[index] ?? null,
        request_id: 'request-1',
        at,
        persisted: true,
        row: true,
        row_at: at,
        write_ms: 4,
        retries: 0,
      },
      verdict: 'green',
      reasons: [],
    })),
    simulations: [
      { name: 'lead', event_id: ids[0] ?? null, persisted: true, row: true, retries: 0, duration_ms: 9 },
    ],
  };
}

describe('showTruthTable', () => {
  const ids = APP_LABELS.map(() => randomUUID());
  const show = (facts: {
    ageS?: number;
    heartbeat?: { ageS: number; periodS: number };
    present?: string[];
  }) =>
    showTruthTable({
      verdict: { id: '1', ageS: facts.ageS ?? 5, document: aTable(ids) },
      heartbeat: facts.heartbeat,
      present: new Set(facts.present ?? ids),
    });
  const verdicts = (shown: ShownTruthTable) => [...new Set(shown.table.map(({ verdict }) => verdict))];

  test('the last drill is shown as it was reported', () => {
    const last_drill: TruthTable['last_drill'] = {
      at: '2026-11-24T03:00:00.000Z',
      label: 'student_pilot',
      events: 100,
      queued: 187,
      refused_full: 6,
      rows: 187,
      recovery_ms: 1_204,
      ok: true,
    };
    const document = { ...aTable(ids), last_drill };
    const facts = { verdict: { id: '1', ageS: 5, document }, heartbeat: undefined, present: new Set(ids) };
    const shown = showTruthTable(facts);
    expect(shown.last_drill).toEqual(last_drill);
    expect(String(truthTableView(shown)).replaceAll(/<[^>]+>/g, '')).toContain(
      'Last drill 2026-11-24 03:00:00, Student Pilot: 187 of 187 rows, recovered in 1.2 s.',
    );
    expect(String(truthTableView(show({})))).not.toContain('drill');
  });

  test('a fresh table whose rows are in the database is green', () => {
    expect(show({})).toMatchObject({ ok: true, stale: false });
    expect(verdicts(show({}))).toEqual(['green']);
  });

  test.each([
    ['the table is older than two default periods', { ageS: 121 }],
    ['the table is older than two declared periods', { ageS: 21, heartbeat: { ageS: 1, periodS: 10 } }],
    ['the heartbeat is older than two periods', { ageS: 1, heartbeat: { ageS: 21, periodS: 10 } }],
  ])('every verdict is unknown when %s', (_why, facts) => {
    const shown = show(facts);
    expect(shown).toMatchObject({ ok: false, stale: true });
    expect(verdicts(shown)).toEqual(['unknown']);
  });

  test('a green row whose event is gone from the database is red, and only that one', () => {
    const shown = show({ present: ids.slice(1) });
    expect(shown.ok).toBe(false);
    expect(shown.table.map(({ verdict }) => verdict)).toEqual([
      'red',
      ...APP_LABELS.slice(1).map(() => 'green'),
    ]);
    expect(shown.table[0]?.reasons[0]).toContain(ids[0]);
  });
});

describe('the operations routes', () => {
  let database: TestDatabase;
  let hub: RunningHub;

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: MIGRATIONS });
    hub = await startHub({ databaseUrl: database.url });
  });

  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  test('without any verdict every row is unknown', async () => {
    const { body } = await read(hub.url, '/truth-table');
    expect(body).toMatchObject({ at: null, ok: false, stale: true });
    expect(body['table']).toHaveLength(7);
  });

  test('a verdict is stored with its evidence, shown with its age, and goes red when a row is deleted', async () => {
    const ids = await Promise.all(
      APP_LABELS.map(async (label) => (await sendEvent(hub.url, { label })).eventId),
    );
    const heartbeat = { at: '2026-11-24T12:00:00Z', target: 'local', period_s: 60, version: '0.1.0' };
    expect((await report(hub.url, '/operations/heartbeats', heartbeat)).status).toBe(201);
    const stored = await report(hub.url, '/operations/verdicts', aTable(ids));
    expect(stored).toMatchObject({ status: 201, body: { stored: true } });
    const evidence = await database.pool.query('SELECT * FROM verdict_evidence WHERE verdict_id = $1', [
      stored.body['id'],
    ]);
    expect(evidence.rows).toHaveLength(8);
    const fresh = (await read(hub.url, '/truth-table')).body;
    expect(fresh).toMatchObject({ ok: true, stale: false, period_s: 60 });
    expect(fresh['age_s']).toBeLessThan(30);

    await database.pool.query('DELETE FROM events WHERE event_id = $1', [ids[3]]);
    const after = (await read(hub.url, '/truth-table')).body as unknown as ShownTruthTable;
    expect(after.table.filter(({ verdict }) => verdict === 'red').map(({ app }) => app)).toEqual(['A4']);

    await database.pool.query(`UPDATE verdicts SET received_at = received_at - interval '3 minutes'`);
    expect((await read(hub.url, '/truth-table?target=local')).body).toMatchObject({ ok: false, stale: true });
    expect((await read(hub.url, '/truth-table?target=elsewhere')).body).toMatchObject({ at: null });
  });

  test('the newest verdict is shown, also when it is the tenth and the hundredth', async () => {
    let newest: unknown;
    for (let count = 0; count < 101; count += 1)
      newest = (await report(hub.url, '/operations/verdicts', aTable([]))).body['id'];
    expect(Number(newest)).toBeGreaterThan(100);
    expect((await read(hub.url, '/truth-table')).body).toMatchObject({ verdict_id: newest });
    expect((await read(hub.url, '/truth-table?target=local')).body).toMatchObject({ verdict_id: newest });
  });

  test('a repair is stored with its proof', async () => {
    const repair = {
      at: '2026-11-24T12:00:00Z',
      target: 'local',
      finding: { code: 'key_missing', app: 'scholar_auth', summary: 'A8_KEY is not set' },
      remedy: 'set A8_KEY',
      before: 'unset',
      after: 'fingerprint 0123456789ab',
      applied: true,
      proof: { event_id: randomUUID(), row_at: '2026-11-24T12:00:00Z' },
      ok: true,
      detail: '',
    };
    expect((await report(hub.url, '/operations/repairs', repair)).status).toBe(201);
    const { rows } = await database.pool.query('SELECT finding_code, app, ok, document FROM repairs');
    expect(rows).toEqual([{ finding_code: 'key_missing', app: 'scholar_auth', ok: true, document: repair }]);
  });

  test('only the operations key reports, and only documents of the contract', async () => {
    const table = aTable([]);
    expect((await report(hub.url, '/operations/verdicts', table, KEYS.emit)).status).toBe(403);
    expect((await report(hub.url, '/operations/verdicts', table, KEYS.read)).status).toBe(403);
    expect((await report(hub.url, '/operations/verdicts', table, 'nobody')).status).toBe(401);
    expect((await report(hub.url, '/operations/verdicts', { ...table, extra: 1 })).status).toBe(422);
    expect((await report(hub.url, '/operations/heartbeats', {})).status).toBe(422);
  });
});
