import { type Environment, keyFingerprint } from '@scholar/contract';
import { readBuildStamp } from '@scholar/runtime/build';
import { systemClock } from '@scholar/runtime/clock';
import { VERSION } from '@scholar/runtime/running';
import { freePort, tempDir } from '@scholar/runtime/testing';
import type { SimulatedRows } from '../../audit/snapshot.ts';
import type { Ask } from '../../gather/http-client.ts';
import { desiredState } from './desired.ts';
import { gatherLocal } from './gather-local.ts';
import { writePrivateFile } from './json-file.ts';
import { portsFrom, SANDBOX_LABEL, stateLayout } from './layout.ts';
import { NO_OVERRIDES } from './overrides.ts';
import { ensureSecrets } from './secrets.ts';

const STRAY: SimulatedRows[] = [{ label: 'scholar_auth', count: 2, lastAt: '2026-11-24T12:00:00.000Z' }];

const refused: Ask = async () => {
  throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
};

/** A look at a system of which nothing runs. */
async function gathered(environment: Environment, liveKey?: string) {
  const layout = stateLayout(await tempDir());
  // Only Stripe's own client asks past `refused`: it finds nobody on the port of the sandbox.
  const portBase = (await freePort()) - portsFrom(0).public(SANDBOX_LABEL);
  const desired = desiredState({ environment, portBase, realStripe: false }, layout);
  await ensureSecrets(layout, desired, {});
  if (liveKey !== undefined)
    await writePrivateFile(layout.liveSecret('scholar_auth', 'forwarder', 'A8_KEY'), liveKey);
  const snapshot = await gatherLocal({
    desired,
    layout,
    components: [],
    overrides: NO_OVERRIDES,
    ask: refused,
    now: systemClock.now,
    build: readBuildStamp(),
    database: { lostEvidence: async () => [], simulatedRows: async () => STRAY },
    conserve: async () => undefined,
  });
  const app = snapshot.apps.find(({ label }) => label === 'scholar_auth');
  if (app === undefined) throw new Error('no scholar_auth in the snapshot');
  return { snapshot, app };
}

test('simulated rows are asked for in production alone', async () => {
  expect((await gathered('production')).snapshot.simulated).toEqual(STRAY);
  expect((await gathered('staging')).snapshot.simulated).toBeUndefined();
});

test('what a process does not tell is unknown, and never taken for a good answer', async () => {
  const { snapshot, app } = await gathered('staging');
  expect(app).toMatchObject({ running: undefined, counted: undefined, clockAheadMs: undefined });
  expect(app.forwarder).toMatchObject({ status: undefined, sidecar: undefined });
  expect(snapshot.hub).toMatchObject({ piiRefusals: undefined, observations: undefined });
  expect(app.build).toMatchObject({ version: VERSION, replicas: [] });
});

test('the key that a forwarder is given is the one in its live file; without the file it is given none', async () => {
  expect((await gathered('staging', 'a key of the live file\n')).app.forwarder.givenKey).toBe(
    keyFingerprint('a key of the live file'),
  );
  expect((await gathered('staging')).app.forwarder.givenKey).toBeNull();
});
