import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '@scholar/contract';
import { conformanceCases } from '@scholar/contract/golden';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub, writeKey } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const PAGES = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'errors');

/**
 * What each refusal leaves behind, for every code that there is; a code that is added to the contract does not compile
 * until it is decided here. `row`: with a valid key a row of `rejected_events`. `counter`: no valid key comes with it, or
 * it is about no event, so it is only counted. `elsewhere`: no request for an event
 * at all, counted by `http_requests_total`. `forwarder`: A8 never answers it. `defect`: only a defect of ours does.
 */
const LEAVES: Readonly<Record<ProblemCode, 'row' | 'counter' | 'elsewhere' | 'forwarder' | 'defect'>> = {
  malformed_json: 'row',
  invalid_body: 'row',
  event_id_conflict: 'row',
  body_too_large: 'row',
  unsupported_media_type: 'row',
  contract_violation: 'row',
  unknown_label: 'row',
  invalid_event_id: 'row',
  pii_detected: 'row',
  simulated_refused: 'row',
  legacy_event_type: 'row',
  unsupported_protocol: 'row',
  forbidden: 'row',
  unauthorized: 'counter',
  not_found: 'elsewhere',
  method_not_allowed: 'row',
  legacy_endpoint: 'row',
  rate_limited: 'counter',
  unavailable: 'counter',
  label_mismatch: 'forwarder',
  outbox_full: 'forwarder',
  internal: 'defect',
};

/** A key that is valid, for one label only. */
const NARROW_KEY = 'test-narrow-key-00000000000000000000000000000000';

/** Configurations of A8 under which the golden vectors together meet nearly every code. */
const POLICIES = [
  { policy: {}, env: {} },
  { policy: { environment: 'production' }, env: { ENVIRONMENT: 'production' } },
  { policy: { legacyAliases: 'refuse' }, env: { A8_LEGACY_ALIASES: 'refuse' } },
] as const;

/** Every code that A8 was made to answer, and what it left: counted, and as a row. */
async function provokeAll(database: TestDatabase): Promise<{ counted: Set<string>; rows: Set<string> }> {
  const counted = new Set<string>();
  const look = async (hub: RunningHub): Promise<void> => {
    const { body } = await exchange(`${hub.opsUrl}/metrics`, { method: 'GET' });
    for (const [, code = ''] of String(body['text']).matchAll(
      /^a8_refused_total\{[^}]*code="(\w+)"[^}]*\} [1-9]/gmu,
    ))
      counted.add(code);
  };
  for (const { policy, env } of POLICIES) {
    const hub = await startHub({ databaseUrl: database.url, env });
    try {
      await writeKey(hub.keysDir, 'narrow', { key: NARROW_KEY, role: 'emit', labels: ['scholarship_sage'] });
      await waitFor(async () => {
        const sent = await sendEvent(hub.url, { label: 'scholarship_sage', key: NARROW_KEY });
        return sent.answer.status === 201;
      });
      for (const { request } of conformanceCases('hub', { key: KEYS.emit, policy })) {
        const { method, path, headers, body } = request;
        await exchange(`${hub.url}${path}`, { method, headers, body });
      }
      await sendEvent(hub.url, { label: 'scholar_auth', key: NARROW_KEY });
      await look(hub);
    } finally {
      await hub.stop();
    }
  }
  const limited = await startHub({ databaseUrl: database.url, env: { KEY_REQUESTS_PER_SECOND: '1' } });
  try {
    await waitFor(async () => (await sendEvent(limited.url)).answer.status === 429);
    await look(limited);
  } finally {
    await limited.stop();
  }
  const away = await startHub({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' });
  try {
    expect((await sendEvent(away.url)).answer.status).toBe(503);
    await look(away);
  } finally {
    await away.stop();
  }
  const { rows } = await database.pool.query<{ code: string }>('SELECT DISTINCT code FROM rejected_events');
  return { counted, rows: new Set(rows.map(({ code }) => code)) };
}

const codesThatLeave = (...kinds: string[]) =>
  PROBLEM_CODES.filter((code) => kinds.includes(LEAVES[code])).sort();

test('every code that A8 answers is counted, and leaves a row exactly where it should; nothing is dropped in silence', async () => {
  const database = await createTestDatabase({ migrations: MIGRATIONS });
  try {
    const { counted, rows } = await provokeAll(database);
    expect([...counted].sort()).toEqual(codesThatLeave('row', 'counter'));
    expect([...rows].sort()).toEqual(codesThatLeave('row'));
  } finally {
    await database.drop();
  }
}, 120_000);

test('every fault of an event leaves a row, unless the forwarder has found it', () => {
  const faults = PROBLEM_CODES.filter((code) => PROBLEMS[code].scope === 'event');
  expect(faults.filter((code) => !['row', 'forwarder'].includes(LEAVES[code]))).toEqual([]);
});

test.each(PROBLEM_CODES)('%s has a page of its own', (code) => {
  expect(existsSync(join(PAGES, `${code}.md`))).toBe(true);
});
