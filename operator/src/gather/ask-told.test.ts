import type { Running } from '@scholar/contract';
import { askTold } from './ask-told.ts';
import type { Ask } from './http-client.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');

function answering(change: Partial<Running>): Ask {
  const running: Running = {
    label: 'scholar_auth',
    role: 'app',
    version: '0.1.0',
    protocol: 'v3.5.1',
    pid: 1,
    started_at: '2026-11-24T11:00:00.000Z',
    environment: 'staging',
    endpoint: null,
    emit_mode: null,
    event_names: null,
    sends_authorization: null,
    config_hash: '0123456789ab',
    settings: {},
    missing: [],
    ...change,
  };
  return async () => ({ status: 200, headers: {}, body: JSON.stringify(running), tookMs: 400 });
}

const told = (ask: Ask) => askTold({ ask, now: () => NOON }, 'http://a');

test('the clock of a process is compared with the middle of the question', async () => {
  expect(await told(answering({ now: '2026-11-24T12:00:09.800Z' }))).toMatchObject({ clockAheadMs: 10_000 });
  expect(await told(answering({ now: '2026-11-24T11:59:59.800Z' }))).toMatchObject({ clockAheadMs: 0 });
});

test('a process that does not tell its time, or does not answer, has no clock to judge', async () => {
  expect(await told(answering({}))).toMatchObject({ running: { pid: 1 }, clockAheadMs: undefined });
  const silent: Ask = async () => {
    throw new Error('refused');
  };
  expect(await told(silent)).toEqual({ running: undefined, clockAheadMs: undefined });
});
