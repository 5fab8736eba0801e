import { setTimeout as pause } from 'node:timers/promises';
import { underTraffic } from '../../harness/under-traffic.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { killContainer } from '../harness/kill-container.ts';
import { backlogs, withoutA8 } from './a8-away.ts';
import { CLUSTER_PATIENCE, INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

const A8_AWAY_MS = 120_000;
const FAULT_TIMEOUT_MS = 900_000;

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

const under = (fault: () => Promise<void>) => underTraffic(system, fault, CLUSTER_PATIENCE);
const kill = (object: string, container: string) =>
  killContainer({ namespace: system.namespace, object, container });

test(
  'A8 is at zero replicas for two minutes: no service answers 5xx, and afterwards every event is one row',
  async () => {
    const result = await under(() =>
      withoutA8(system.namespace, async () => {
        await pause(A8_AWAY_MS);
        for (const depth of await backlogs(system)) expect(depth).toBeGreaterThan(20);
      }),
    );
    expect(result.serverErrors).toEqual([]);
  },
  FAULT_TIMEOUT_MS,
);

test(
  'A8 is killed on its node, again and again: nothing is lost and no service answers 5xx for it',
  async () => {
    const result = await under(async () => {
      for (let round = 0; round < 2; round += 1) await kill('auto-com-center', 'app');
    });
    expect(result.serverErrors).toEqual([]);
  },
  FAULT_TIMEOUT_MS,
);

test(
  'a forwarder is killed on its node: nothing that was acknowledged is lost and its app answers no 5xx',
  async () => {
    const result = await under(() => kill('auto-page-maker', 'forwarder'));
    expect(result.serverErrors).toEqual([]);
  },
  FAULT_TIMEOUT_MS,
);

test(
  'PostgreSQL is killed on its node: what got its 2xx is one row afterwards',
  async () => {
    await under(() => kill('scholar-postgresql', 'postgresql'));
  },
  FAULT_TIMEOUT_MS,
);
