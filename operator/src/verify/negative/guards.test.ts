import { randomUUID } from 'node:crypto';
import { type AppLabel, HEADER, verifyCanary } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import type { StubRequest } from '@scholar/runtime/testing';
import { guardsText } from '../../cli/guards-text.ts';
import { ask, jsonOf } from '../../gather/http-client.ts';
import type { GuardReport } from './judge-guards.ts';
import { type RunningA8, startA8 } from './testing/start-a8.ts';
import { type Answerer, GUARDED, passOnTo, triedAt } from './testing/tried-guards.ts';
import { tryGuards } from './try-guards.ts';

const LABEL = GUARDED;

let a8: RunningA8;

beforeAll(async () => {
  a8 = await startA8(LABEL);
});

afterAll(async () => {
  await a8.stop();
});

const tried = (answer: Answerer, options?: Parameters<typeof triedAt>[2]) => triedAt(a8, answer, options);
const passOn = (request: StubRequest, change?: Parameters<typeof passOnTo>[2]) =>
  passOnTo(a8, request, change);
const codesOf = ({ findings }: GuardReport) => findings.map(({ code }) => code);
const failed = ({ guards }: GuardReport) =>
  guards.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);

test('the real A8 keeps every guard and leaves the trace of each', async () => {
  const { report, sent } = await tried((request) => passOn(request));
  expect(report.guards.map(({ name, got, verdict, reasons }) => ({ name, got, verdict, reasons }))).toEqual([
    { name: 'wrong_key', got: '401 unauthorized', verdict: 'kept', reasons: [] },
    { name: 'ingest', got: '410 legacy_endpoint', verdict: 'kept', reasons: [] },
    { name: 'wrong_protocol', got: '426 unsupported_protocol', verdict: 'kept', reasons: [] },
    { name: 'unknown_label', got: '422 unknown_label', verdict: 'kept', reasons: [] },
    { name: 'id_not_v4', got: '422 invalid_event_id', verdict: 'kept', reasons: [] },
    { name: 'duplicate', got: '200 duplicate:true', verdict: 'kept', reasons: [] },
    { name: 'same_id_other_body', got: '409 event_id_conflict', verdict: 'kept', reasons: [] },
  ]);
  expect(report).toMatchObject({ ok: true, findings: [] });
  expect(sent.length).toBeLessThanOrEqual(10);
  const tokens = sent.map(({ headers }) => String(headers[HEADER.canary]));
  const known = tokens.map((token) => verifyCanary(token, a8.canaryKey, Date.now())?.canaryId);
  expect(new Set(known).size).toBe(sent.length);
  expect(known).not.toContain(undefined);
  const inAnHour = Date.now() + 3_600_000;
  expect(tokens.map((token) => verifyCanary(token, a8.canaryKey, inAnHour))).toEqual(
    tokens.map(() => undefined),
  );
});

test('guards are in no business view, no figure that a finding or an alert is made of, and no sighting of the app', async () => {
  const before = await observed();
  const { sent, report } = await tried((request) => passOn(request));
  expect(report.ok).toBe(true);
  const ids = sent.map(({ headers }) => String(headers[HEADER.eventId]));
  const rows = await a8.database.pool.query<{ simulated: boolean; deliveries: number }>(
    'SELECT simulated, deliveries FROM events WHERE event_id = ANY($1::uuid[])',
    [ids],
  );
  expect(rows.rows).toEqual([{ simulated: true, deliveries: 2 }]);
  const { events } = (await read('/events?order=desc')) as { events: unknown[] };
  expect(events).toEqual([]);
  const after = await observed();
  expect(after).toEqual({
    ...before,
    simulated_1h: before.simulated_1h + 1,
    p95_write_ms: after.p95_write_ms,
  });
  expect(after).toMatchObject({ last_event_at: null, events_1h: 0, rejected_1h: 0, legacy_endpoint_hits: 0 });
  const { body: metrics } = await ask({ url: `${a8.opsUrl}/metrics` });
  const counted = metrics
    .split('\n')
    .filter((line) => /^a8_(refused|events|legacy_endpoint)_total\{/.test(line));
  expect(counted.length).toBeGreaterThanOrEqual(7);
  expect(counted.filter((line) => !line.includes('canary="true"') && !line.endsWith(' 0'))).toEqual([]);
});

interface Observed {
  last_event_at: string | null;
  simulated_1h: number;
  p95_write_ms: number | null;
}

async function observed(): Promise<Observed> {
  return ((await read('/observations')) as { apps: Record<string, Observed> }).apps[LABEL] as Observed;
}

async function read(path: string): Promise<unknown> {
  return jsonOf(await ask({ url: `${a8.url}${path}`, headers: { authorization: `Bearer ${a8.readKey}` } }));
}

/** The seven in the order of the table; 0 is the good event before them. */
const [KEY, INGEST, PROTOCOL, LABEL_AT, ID, DUPLICATE, CONFLICT] = [1, 2, 3, 4, 5, 6, 7];

test('an A8 that answers 201 to everything has every guard open', async () => {
  const { report } = await tried(async (request, index) =>
    index === 0
      ? passOn(request)
      : { status: 201, body: { accepted: true, persisted: true, event_id: request.headers[HEADER.eventId] } },
  );
  expect(failed(report)).toHaveLength(7);
  expect(codesOf(report)).toEqual(['guard_open', 'guard_other_answer', 'guard_silent']);
  expect(report.findings[0]).toMatchObject({ severity: 'critical', label: 'auto_com_center' });
  expect(report.findings[0]?.evidence).toHaveLength(6);
  expect(report.findings[1]?.summary).toContain('duplicate');
});

test.each([
  ['wrong_key', KEY, () => ({ headers: { [HEADER.authorization]: `Bearer ${a8.key}` } })],
  ['ingest', INGEST, () => ({ path: '/events' })],
  ['wrong_protocol', PROTOCOL, () => ({ headers: { [HEADER.protocol]: 'v3.5.1' } })],
  ['unknown_label', LABEL_AT, () => ({ headers: { [HEADER.label]: LABEL } })],
  ['id_not_v4', ID, () => ({ headers: { [HEADER.eventId]: randomUUID() } })],
])('an A8 without the guard %s is found open, and by nothing else', async (name, at, change) => {
  const { report } = await tried((request, index) => passOn(request, index === at ? change() : {}));
  expect(failed(report)).toEqual([name]);
  expect(codesOf(report)).toEqual(['guard_open']);
});

test('an A8 that refuses and stores nevertheless is found open', async () => {
  const { report } = await tried(async (request, index) => {
    if (index !== PROTOCOL) return passOn(request);
    await passOn(request, { headers: { [HEADER.protocol]: 'v3.5.1' } });
    return passOn(request);
  });
  expect(failed(report)).toEqual(['wrong_protocol']);
  expect(report.findings[0]?.evidence[0]).toMatch(/is in the database/);
});

test.each([
  ['its content', `payload = '{"details":"another"}'`],
  ['its count of deliveries', 'deliveries = deliveries + 1'],
])('an A8 that changes the first row in a conflict (%s) is found open', async (_what, set) => {
  const { report } = await tried(async (request, index) => {
    const answer = await passOn(request);
    if (index === CONFLICT)
      await a8.database.pool.query(`UPDATE events SET ${set} WHERE event_id = $1`, [
        request.headers[HEADER.eventId],
      ]);
    return answer;
  });
  expect(failed(report)).toEqual(['same_id_other_body']);
  expect(codesOf(report)).toEqual(['guard_open']);
});

test('an A8 that refuses with another code is found, a page without a code, and one that is no problem document', async () => {
  const { report } = await tried(async (request, index) => {
    if (index === LABEL_AT) return passOn(request, { headers: { [HEADER.protocol]: 'v1' } });
    const answer = await passOn(request);
    if (index === ID) return { ...answer, headers: { 'content-type': 'application/json' } };
    return index === INGEST ? { status: 410, body: '<h1>Gone</h1>' } : answer;
  });
  expect(failed(report)).toEqual(['ingest', 'unknown_label', 'id_not_v4']);
  expect(codesOf(report)).toEqual(['guard_other_answer']);
  expect(report.findings[0]?.evidence[1]).toMatch(
    /426 unsupported_protocol; the contract says 422 unknown_label/,
  );
});

test('an A8 that refuses and writes nothing down is found silent', async () => {
  const { report } = await tried((request, index) => {
    // Without its token a refusal is written down under no canary, which is as good as nothing.
    const isHidden = index > KEY && index < DUPLICATE;
    return passOn(request, isHidden ? { headers: { [HEADER.canary]: 'none' } } : {});
  });
  expect(failed(report)).toEqual(['ingest', 'wrong_protocol', 'unknown_label', 'id_not_v4']);
  expect(codesOf(report)).toEqual(['guard_silent']);
});

test('an A8 that does not count a duplicate is found silent', async () => {
  const { report } = await tried(async (request, index) => {
    const answer = await passOn(request);
    if (index === DUPLICATE)
      await a8.database.pool.query('UPDATE events SET deliveries = 1 WHERE event_id = $1', [
        request.headers[HEADER.eventId],
      ]);
    return answer;
  });
  expect(failed(report)).toEqual(['duplicate']);
  expect(codesOf(report)).toEqual(['guard_silent']);
});

test('an A8 that writes down what came with a key of nobody is found', async () => {
  const { report } = await tried(async (request, index) => {
    if (index !== KEY) return passOn(request);
    const canary = String(request.headers[HEADER.canary]);
    await a8.database.pool.query(
      `INSERT INTO rejected_events (at, code, size_bytes, key_names, key_id, request_id, canary_id)
       VALUES (now(), 'unauthorized', 1, '{}', 'k', 'r', $1)`,
      [canary.split('.')[0]],
    );
    return passOn(request);
  });
  expect(failed(report)).toEqual(['wrong_key']);
  expect(codesOf(report)).toEqual(['guard_keeps_strangers']);
});

test.each([503, 500, 429, 408])(
  'an A8 that answers %i judged nothing: unknown, no finding, not ok',
  async (status) => {
    const { report } = await tried((request, index) =>
      index === 0 ? passOn(request) : Promise.resolve({ status, body: {} }),
    );
    expect(report).toMatchObject({ ok: false, findings: [] });
    expect(report.guards.map(({ verdict }) => verdict)).toEqual(Array(7).fill('unknown'));
  },
);

test.each([
  ['a key that it does not know', { key: 'x'.repeat(43) }, /did not store the good event.*401 unauthorized/],
  ['a canary token that it does not know', { canaryKey: 'x'.repeat(43) }, /does not know our canary token/],
])('with %s nothing but the good event is sent, and every guard is unknown', async (_what, keys, why) => {
  const { report, sent } = await tried((request) => passOn(request), keys);
  expect(sent).toHaveLength(1);
  expect(report).toMatchObject({ ok: false, findings: [] });
  expect(report.guards.map(({ verdict }) => verdict)).toEqual(Array(7).fill('unknown'));
  expect(report.guards[0]?.reasons[0]).toMatch(why);
});

test('while the database cannot be asked every guard is unknown, and nothing but the good event is sent', async () => {
  const { report, sent } = await tried((request) => passOn(request), {
    readTraces: () => Promise.reject(new Error('connect ECONNREFUSED')),
  });
  expect(sent).toHaveLength(1);
  expect(report).toMatchObject({ ok: false, findings: [] });
  expect(report.guards[0]?.reasons).toEqual(["A8's database could not be asked."]);
});

describe('tried over a target', () => {
  const rows = (...verdicts: [AppLabel, 'green' | 'red'][]) =>
    verdicts.map(([label, verdict]) => ({ label, verdict }));
  const targetWith = (emitKeys: Partial<Record<AppLabel, string>>) => ({
    hubUrl: a8.url,
    secrets: { readKey: a8.readKey, canaryKey: a8.canaryKey, stripeWebhookSecret: undefined, emitKeys },
    readTraces: (of: Parameters<typeof a8.hub.traces>[0]) => a8.hub.traces(of),
  });
  const over = (emitKeys: Partial<Record<AppLabel, string>>, table: ReturnType<typeof rows>) =>
    tryGuards({ target: targetWith(emitKeys), ask, clock: systemClock }, table);

  test('the key of an app whose row is green is taken', async () => {
    const keys = { scholar_auth: 'of nobody', [LABEL]: a8.key };
    expect(await over(keys, rows(['scholar_auth', 'red'], [LABEL, 'green']))).toMatchObject({ ok: true });
  });

  test('without any key no guard is tried, and none is kept', async () => {
    const report = await over({}, rows([LABEL, 'green']));
    expect(report).toMatchObject({ ok: false, findings: [] });
    expect(report.guards.map(({ verdict }) => verdict)).toEqual(Array(7).fill('unknown'));
  });

  test('a person sees what was promised, what was answered and where to read on', async () => {
    const { report } = await tried((request, index) =>
      passOn(request, index === INGEST ? { path: '/events' } : {}),
    );
    const text = guardsText(report, { color: false });
    expect(text).toMatch(/ingest .*410 legacy_endpoint .*201 .*failed/);
    expect(text).toContain('docs/drifts/guard_open.md');
    expect(text).toContain('6 of 7 guards kept');
  });
});
