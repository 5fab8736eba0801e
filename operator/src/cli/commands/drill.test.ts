import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HUB_LABEL } from '@scholar/contract';
import { freePort, tempDir } from '@scholar/runtime/testing';
import { CouldNotLook } from '../../could-not-look.ts';
import { startHubProcess } from '../../drill/testing/real-hub.ts';
import { desiredState, saveDesired } from '../../target/local/desired.ts';
import { writeJson, writePrivateFile } from '../../target/local/json-file.ts';
import { readLastDrill } from '../../target/local/last-drill.ts';
import { portsFrom, stateLayout } from '../../target/local/layout.ts';
import { UsageError } from '../../target/local/overrides.ts';
import { processStart } from '../../target/local/process-record.ts';
import { desiredSecret, ensureSecrets } from '../../target/local/secrets.ts';
import { type Context, createContext } from '../context.ts';
import { drill } from './drill.ts';

const PROGRAM = {
  command: process.execPath,
  args: [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL('../../../../sidecar/src/main.ts', import.meta.url)),
  ],
};

/** The state of a local system of which A8 alone runs: a drill needs nothing else. */
async function hubOfState() {
  const port = await freePort();
  const layout = stateLayout(await tempDir('drill-state'));
  const portBase = port - portsFrom(0).public(HUB_LABEL);
  const desired = desiredState({ environment: 'staging', portBase, realStripe: false }, layout);
  await ensureSecrets(layout, desired, {});
  await saveDesired(layout, desired);
  const canaryKey = await desiredSecret(layout, 'supervisor', 'CANARY_KEY');
  const hub = await startHubProcess({ keys: layout.keyRing, canaryKey, port });
  await writePrivateFile(layout.secret(HUB_LABEL, 'DATABASE_URL'), hub.databaseUrl);
  const own = { pid: process.pid, started: processStart(process.pid) };
  await writeJson(layout.supervisor, { ...own, since: '', url: '', token: '', ready: true });
  return { layout, stop: hub.stop };
}

function screenOf(state: string, output: 'table' | 'json'): { context: Context; said: string[] } {
  const said: string[] = [];
  const screen = {
    out: (text: string) => said.push(text),
    err: () => undefined,
    color: false,
    progress: false,
  };
  return { said, context: { ...createContext({ state, output, target: 'local' }), screen } };
}

test('a drill by hand prints its result, ends with 0 and is the last drill from then on; without a key it is blind', async () => {
  const { layout, stop } = await hubOfState();
  try {
    const json = screenOf(layout.dir, 'json');
    expect(await drill(json.context, { events: 10, app: 'A5' }, PROGRAM)).toBe(0);
    const result = JSON.parse(json.said.join('\n'));
    expect(result).toMatchObject({ label: 'student_pilot', events: 10, ok: true, missing: [], reasons: [] });
    expect(await readLastDrill(layout)).toEqual({
      ...{ at: result.at, label: 'student_pilot', events: 10, queued: result.queued, rows: result.queued },
      ...{ refused_full: result.refused_full, recovery_ms: result.recovery_ms, ok: true },
    });
    const table = screenOf(layout.dir, 'table');
    expect(await drill(table.context, { events: 1, app: 'scholar_auth' }, PROGRAM)).toBe(0);
    expect(table.said.join('\n')).toMatch(/kill -9[\s\S]*A1 scholar_auth: (\d+) of \1 rows, recovered in /u);
    await rm(layout.secret('scholar_auth', 'A8_KEY'));
    const blind = drill(table.context, { events: 1, app: 'scholar_auth' }, PROGRAM);
    await expect(blind).rejects.toThrow(CouldNotLook);
    await expect(blind).rejects.toThrow('There is no A8_KEY of scholar_auth');
  } finally {
    await stop();
  }
}, 180_000);

test.each([
  ['an app that is none', { events: 1, app: 'A9' }, 'no app is called A9'],
  ['A8 itself', { events: 1, app: 'A8' }, 'no app is called A8'],
  ['too many events', { events: 2_001, app: 'A1' }, 'at most 2000'],
  ['a period that is none', { events: 1, app: 'A1', every: 'daily' }, 'is not a duration'],
])('%s is a matter of usage', async (_name, flags, message) => {
  const run = drill(screenOf('./nowhere', 'table').context, flags, PROGRAM);
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(message);
});
