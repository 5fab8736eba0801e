import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { findEvent } from '../../read/event-store.ts';
import { eventView } from '../../read/event-view.ts';
import { anEvent, sendEvent } from '../../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../../testing/start-hub.ts';
import { asCurl } from './as-curl.ts';

let database: TestDatabase;
let hub: RunningHub;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../../migrations/', import.meta.url) });
  hub = await startHub({ databaseUrl: database.url });
});

afterAll(async () => {
  await hub.stop();
  await database.drop();
});

/** What a shell makes of the command: the arguments that curl would get. */
async function argumentsOf(command: string): Promise<string[]> {
  const script = `curl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${command}`;
  const env = { A8_URL: hub.url, A8_KEY: KEYS.emit };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], { env });
  return stdout.split('\0').slice(0, -1);
}

async function storedView(changes: Record<string, unknown>) {
  const { eventId, answer } = await sendEvent(hub.url, { event: anEvent(changes) });
  expect(answer.status).toBe(201);
  const row = await findEvent(database.pool, eventId);
  if (row === undefined) throw new Error('the event is not stored');
  return eventView(row);
}

test('a shell that runs the command sends the same event, whatever is in it: A8 calls it a duplicate', async () => {
  const details = `it's "$A8_KEY" \`id\` $(id) \\ \n !`;
  for (const occurredAt of [
    '2026-11-24T12:00:00Z',
    '2026-11-24T12:00:00.123Z',
    '2026-11-24T12:00:00+00:00',
  ]) {
    const { command, same } = asCurl(await storedView({ occurred_at: occurredAt, payload: { details } }));
    expect(same).toBe(true);
    expect(command).not.toContain(KEYS.emit);
    const given = await argumentsOf(command);
    const after = (flag: string) =>
      given.flatMap((value, place) => (value === flag ? [given[place + 1] ?? ''] : []));
    const headers = after('-H').map((line) => line.split(': ') as [string, string]);
    const answer = await fetch(`${hub.url}/events`, {
      method: 'POST',
      headers,
      body: after('--data-raw')[0] ?? '',
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 200,
      body: { duplicate: true },
    });
  }
});

test('where the row does not tell how the sender wrote it, the command says so', async () => {
  expect(asCurl(await storedView({ occurred_at: '2026-11-24T14:00:00+02:00' })).same).toBe(false);
});
