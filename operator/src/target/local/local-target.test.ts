import { createServer } from 'node:http';
import { APP_LABELS, type AppLabel, keyFingerprint } from '@scholar/contract';
import { freePort, tempDir } from '@scholar/runtime/testing';
import { HubDatabase } from '../../gather/hub-database.ts';
import type { ControlCommand } from './control-server.ts';
import { type DesiredState, desiredState } from './desired.ts';
import { readText, writeJson, writePrivateFile } from './json-file.ts';
import { portsFrom, type StateLayout, stateLayout } from './layout.ts';
import { localTarget } from './local-target.ts';
import type { Overrides } from './overrides.ts';
import { readRing } from './ring.ts';
import { ensureSecrets } from './secrets.ts';

interface Prepared {
  layout: StateLayout;
  desired: DesiredState;
}

async function prepare(portBase: number): Promise<Prepared> {
  const layout = stateLayout(await tempDir());
  const desired = desiredState({ environment: 'staging', portBase, realStripe: false }, layout);
  await ensureSecrets(layout, desired, {});
  return { layout, desired };
}

function targetOf(parts: Prepared) {
  const control = {
    state: async () => ({ components: [], overrides: { settings: {}, stopped: [] } }),
    command: async () => true,
  };
  return localTarget({ ...parts, control, database: new HubDatabase('postgresql://127.0.0.1:1/none') });
}

async function recordingTarget(parts: Prepared, overrides: Overrides) {
  const commands: ControlCommand[] = [];
  const control = {
    state: async () => ({ components: [], overrides }),
    command: async (command: ControlCommand) => commands.push(command) > 0,
  };
  const database = new HubDatabase('postgresql://127.0.0.1:1/none');
  return { target: await localTarget({ ...parts, control, database }), commands };
}

test('events are replayed under their own ids, dead letters in their order, and one that is kept no more stops no other', async () => {
  const label: AppLabel = 'auto_page_maker';
  const port = await freePort();
  const prepared = await prepare(port - portsFrom(0).intake(label));
  const asked: string[] = [];
  const intake = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const listing = { events: [{ event_id: 'one' }, { event_id: 'two' }] };
    const status = request.url?.includes('gone') ? 404 : request.method === 'GET' ? 200 : 202;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(listing));
  });
  await new Promise<void>((resolve) => intake.listen(port, '127.0.0.1', resolve));
  const target = await targetOf(prepared);
  const repair = await target.beginRepair(label);
  expect(await repair.apply([{ kind: 'replay_dead', label }])).toEqual([
    expect.stringContaining('2 dead letters'),
  ]);
  const token = `Bearer ${await readText(prepared.layout.secret(label, 'CONTROL_TOKEN'))}`;
  expect(asked).toEqual([
    `GET /outbox?state=dead&limit=1000 ${token}`,
    `POST /events/one/replay ${token}`,
    `POST /events/two/replay ${token}`,
  ]);
  await expect(repair.apply([{ kind: 'replay', label, eventIds: ['gone', 'three'] }])).rejects.toThrow(
    'cannot replay 1 of 2 events, gone (status 404)',
  );
  expect(asked.slice(3).sort()).toEqual([
    `POST /events/gone/replay ${token}`,
    `POST /events/three/replay ${token}`,
  ]);
  await target.close();
  intake.closeAllConnections();
  await new Promise((resolve) => intake.close(resolve));
});

test('a ring that was tampered with holds the desired keys again', async () => {
  const prepared = await prepare(4100);
  const { layout } = prepared;
  await writeJson(`${layout.keyRing}/scholar_auth.json`, { labels: [] });
  await writePrivateFile(`${layout.keyRing}/student_pilot.json`, 'not JSON');
  const target = await targetOf(prepared);
  const repair = await target.beginRepair('auto_com_center');
  await repair.apply([{ kind: 'restore_key_ring', label: 'auto_com_center' }]);
  const ring = await readRing(layout);
  for (const label of ['scholar_auth', 'student_pilot'] as const) {
    const key = (await readText(layout.secret(label, 'A8_KEY'))) ?? '';
    expect(ring).toContainEqual(
      expect.objectContaining({ id: label, fingerprint: keyFingerprint(key), labels: [label], role: 'emit' }),
    );
  }
  expect(await repair.undo()).toEqual(['the ring of keys as before']);
  expect(await readText(`${layout.keyRing}/student_pilot.json`)).toBe('not JSON');
  await target.close();
});

test('a repair that is taken back leaves the overrides as they were, and only processes that it restarted begin anew', async () => {
  const prepared = await prepare(4100);
  const settings = { scholar_auth: { EMIT_MODE: 'console', EVENT_NAMES: 'legacy' } };
  const { target, commands } = await recordingTarget(prepared, { settings, stopped: ['scholar_auth'] });
  const repair = await target.beginRepair('scholar_auth');
  await repair.apply([
    { kind: 'reset_setting', label: 'scholar_auth', role: 'app', key: 'EMIT_MODE', restart: false },
    { kind: 'restart', label: 'scholar_auth', role: 'app' },
  ]);
  expect(await repair.undo()).toEqual([
    'EMIT_MODE, EVENT_NAMES of scholar_auth as before',
    'scholar_auth stopped as before',
  ]);
  expect(commands.at(-1)).toEqual({
    do: 'override',
    label: 'scholar_auth',
    settings: settings.scholar_auth,
    stopped: true,
    restart: ['app'],
  });
  await target.close();
});

test('a repair that only sent events again has nothing to take back', async () => {
  const { target, commands } = await recordingTarget(await prepare(4100), { settings: {}, stopped: [] });
  const repair = await target.beginRepair('scholar_auth');
  expect(await repair.undo()).toEqual([]);
  expect(commands).toEqual([]);
  await target.close();
});

test('the guards of A8 can be tried with the key of each app, also in production', async () => {
  const { layout } = await prepare(4100);
  const desired = desiredState({ environment: 'production', portBase: 4100, realStripe: false }, layout);
  const target = await targetOf({ layout, desired });
  const { emitKeys } = target.secrets;
  expect(Object.keys(emitKeys).sort()).toEqual([...APP_LABELS].sort());
  expect(emitKeys.student_pilot).toBe(await readText(layout.secret('student_pilot', 'A8_KEY')));
  await target.close();
});

test('a state that was staging once has no key for all labels in its production ring', async () => {
  const { layout } = await prepare(4100);
  const isForAll = (labels: readonly string[]) => labels.length > 1;
  expect((await readRing(layout)).filter(({ labels }) => isForAll(labels))).toHaveLength(1);
  const production = desiredState({ environment: 'production', portBase: 4100, realStripe: false }, layout);
  await ensureSecrets(layout, production, {});
  expect((await readRing(layout)).filter(({ labels }) => isForAll(labels))).toEqual([]);
});
