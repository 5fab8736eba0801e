import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@scholar/runtime/clock';
import { CouldNotLook } from '../could-not-look.ts';
import { ask } from '../gather/http-client.ts';
import type { DrillDeps } from './drill-deps.ts';
import type { ForwarderProgram, Spawn } from './forwarder-process.ts';
import { runDrill } from './run-drill.ts';
import { type RealHub, startRealHub } from './testing/real-hub.ts';

const LABEL = 'student_pilot';
const pathOf = (url: string): string => fileURLToPath(new URL(url, import.meta.url));
const NODE = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
const MAIN = pathOf('../../../sidecar/src/main.ts');
const REAL: ForwarderProgram = { command: process.execPath, args: [...NODE, MAIN] };
const LOSING: ForwarderProgram = {
  command: process.execPath,
  args: [...NODE, '--import', pathOf('./testing/lose-one-event.ts'), MAIN],
};

let hub: RealHub;
let children: ChildProcess[];
let folders: string[];

beforeAll(async () => {
  hub = await startRealHub(LABEL);
}, 90_000);

afterAll(() => hub?.stop());

beforeEach(() => {
  children = [];
  folders = [];
});

/** Whatever a drill did, nothing of it may be left. */
afterEach(() => {
  expect(children.length).toBeGreaterThan(0);
  expect(children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)).toEqual([]);
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});

const watched: Spawn = (command, args, options) => {
  const child = spawn(command, args, options);
  children.push(child);
  folders.push(dirname(options.env?.['A8_KEY_FILE'] ?? ''));
  return child;
};

function deps(program: ForwarderProgram): DrillDeps {
  const { hubUrl, key, canaryKey, readRows } = hub;
  return {
    ...{ spawn: watched, clock: systemClock, ask, program, environment: 'production' },
    ...{ hubUrl, key, canaryKey, readRows },
    settings: { RETRY_CAP: '500ms' },
  };
}

const never = new AbortController().signal;

test('a real forwarder hands every acknowledged event to a real A8, through outage, kill -9 and a full disk', async () => {
  const result = await runDrill(deps(REAL), { events: 40, label: LABEL, signal: never });
  expect(result).toMatchObject({ ok: true, reasons: [], missing: [], duplicates: [], events: 40 });
  expect(result.queued).toBeGreaterThan(40);
  expect(result.rows).toBe(result.queued);
  expect(result.refused_full).toBeGreaterThan(0);
  expect(result.recovery_ms).toBeGreaterThan(0);
  expect(result.steps.map(({ name }) => name)).toEqual([
    'start',
    'block',
    'queue',
    'kill',
    'restart',
    'fill',
    'restore',
    'deliver',
    'compare',
  ]);
  expect(children.map(({ signalCode }) => signalCode)).toEqual(['SIGKILL', 'SIGKILL']);
}, 120_000);

test('a forwarder that loses one acknowledged event is red, and the event is named', async () => {
  const result = await runDrill(deps(LOSING), { events: 12, label: LABEL, signal: never });
  expect(result.ok).toBe(false);
  // The fifth of each life of the process: one before the kill, one while the disk was filled.
  expect(result.missing).toHaveLength(2);
  expect(result.rows).toBe(result.queued - 2);
  expect(result.recovery_ms).toBeNull();
  const told = result.reasons.join('\n');
  for (const id of result.missing) expect(told).toContain(id);
  expect(told).toContain(`no longer queued after kill -9: ${result.missing[0]}`);
}, 120_000);

test('an aborted drill leaves no process and no folder', async () => {
  const aborted = new AbortController();
  const why = new Error('enough');
  const onStep = (name: string): void => {
    if (name === 'fill') aborted.abort(why);
  };
  const options = { events: 5, label: LABEL, signal: aborted.signal, onStep } as const;
  await expect(runDrill(deps(REAL), options)).rejects.toBe(why);
  expect(children).toHaveLength(2);
}, 120_000);

test('without a key that A8 knows there is no drill instead of a red one', async () => {
  const wrong = { ...deps(REAL), key: 'x'.repeat(43) };
  const drill = runDrill(wrong, { events: 5, label: LABEL, signal: never });
  await expect(drill).rejects.toThrow(CouldNotLook);
  await expect(drill).rejects.toThrow('it was held (unauthorized)');
}, 120_000);

test('a forwarder that does not start is told with its last words', async () => {
  const broken = deps({ command: process.execPath, args: ['-e', 'console.log("no disk"); process.exit(3)'] });
  const drill = runDrill(broken, { events: 5, label: LABEL, signal: never });
  await expect(drill).rejects.toThrow(/did not start\. It ended\.[\s\S]*no disk/u);
}, 60_000);
