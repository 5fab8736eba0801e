import { APP_LABELS, type Environment, HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { freePort, tempDir } from '@scholar/runtime/testing';
import { startA8 } from '../../verify/negative/testing/start-a8.ts';
import { tryGuards } from '../../verify/negative/try-guards.ts';
import { desiredState } from './desired.ts';
import { portsFrom, stateLayout } from './layout.ts';
import { localTarget } from './local-target.ts';
import { desiredSecret, ensureSecrets } from './secrets.ts';

test.each<Environment>(['staging', 'production'])(
  'the guards of the A8 of this machine are tried with the keys of the state folder, in %s',
  async (environment) => {
    const port = await freePort();
    const portBase = port - portsFrom(0).public(HUB_LABEL);
    const layout = stateLayout(await tempDir());
    const desired = desiredState({ environment, portBase, realStripe: false }, layout);
    await ensureSecrets(layout, desired, {});
    const a8 = await startA8('scholar_auth', {
      ...{ PORT: String(port), ENVIRONMENT: environment, A8_KEYS_DIR: layout.keyRing },
      CANARY_KEY: await desiredSecret(layout, HUB_LABEL, 'CANARY_KEY'),
    });
    try {
      const control = {
        state: async () => ({ components: [], overrides: { settings: {}, stopped: [] } }),
        command: async () => true,
      };
      const target = await localTarget({ layout, desired, control, database: a8.hub });
      const rows = APP_LABELS.map((label) => ({ label, verdict: 'green' as const }));
      const report = await tryGuards({ target, ask: target.ask, clock: systemClock }, rows);
      expect(report.guards.flatMap(({ reasons }) => reasons)).toEqual([]);
      expect(report).toMatchObject({ ok: true, findings: [] });
    } finally {
      await a8.stop();
    }
  },
);
