import type { ConservationView } from '../../audit/conservation-view.ts';
import type { ForwarderDoors } from '../../conservation/conservation.ts';
import type { V1Pod } from '../../kube/objects.ts';
import { type ConservationSource, gatherConservation } from './gather-conservation.ts';
import type { Workload } from './installed.ts';

const FORWARDER = { name: 'forwarder', env: [{ name: 'CONTROL_TOKEN', value: 'token-of-the-app' }] };

function pod(name: string, { leaves = false, phase = 'Running' } = {}): V1Pod {
  return {
    metadata: {
      name,
      labels: { app: 'a1' },
      ownerReferences: [{ kind: 'StatefulSet', apiVersion: 'apps/v1', name: 'scholar-auth', uid: 'u' }],
      ...(leaves ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: { containers: [] },
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** A cluster of which each open way is known by a port; those through the Service's pod end in 0. */
function cluster(pods: V1Pod[], { silent = '', token = true } = {}) {
  const template = { spec: { containers: [], initContainers: [token ? FORWARDER : { name: 'forwarder' }] } };
  const workload: Workload = {
    ...{ kind: 'StatefulSet', name: 'scholar-auth', replicas: 2, trouble: undefined },
    ...{ selector: { matchLabels: { app: 'a1' } }, template },
  };
  const asked: ForwarderDoors[] = [];
  const requests: unknown[] = [];
  let open = 0;
  const view = {
    installed: { namespace: 'n', workloads: [workload], pods, services: [] },
    sources: { secrets: {}, configMaps: {} },
    reach: { pod: async (_: string, port: number) => ({ port: port * 10 }) },
    kube: {
      forward: async ({ port }: { port: number }) => {
        open += 1;
        return {
          port: port * 10 + 1,
          close: async () => {
            open -= 1;
          },
        };
      },
    },
    ask: async (question: unknown) => void requests.push(question),
    conserve: async (doors: ForwarderDoors): Promise<ConservationView | undefined> => {
      asked.push(doors);
      if (doors.name === silent) throw new Error('no answer');
      return { forwarderId: doors.name, from: '', to: '', acknowledged: 1, lacking: [] };
    },
  } as unknown as ConservationSource;
  return { view, asked, requests, open: () => open };
}

test('each replica is compared by itself, and the ways to them are closed', async () => {
  const { view, asked, open } = cluster([pod('a'), pod('b')]);
  const seen = await gatherConservation(view, 'scholar_auth');
  expect(seen.map(({ forwarderId }) => forwarderId).sort()).toEqual(['a', 'b']);
  expect(asked.map(({ name, ops }) => [name, ops]).sort()).toEqual([
    ['a', 'http://127.0.0.1:94650'],
    ['b', 'http://127.0.0.1:94651'],
  ]);
  expect(open()).toBe(0);
});

test('pods that leave or have not begun are not asked, one that does not answer keeps no other from being compared', async () => {
  const all = [pod('a'), pod('b'), pod('c', { leaves: true }), pod('d', { phase: 'Pending' })];
  const { view, asked, open } = cluster(all, { silent: 'b' });
  expect((await gatherConservation(view, 'scholar_auth')).map(({ forwarderId }) => forwarderId)).toEqual([
    'a',
  ]);
  expect(asked).toHaveLength(2);
  expect(open()).toBe(0);
});

test('its control routes are asked with the token that the forwarder is given; without one they say so', async () => {
  const { view, asked, requests } = cluster([pod('a')]);
  await gatherConservation(view, 'scholar_auth');
  await asked[0]?.control({ method: 'GET', path: '/conservation/ids?minute=m' });
  expect(requests).toEqual([
    {
      ...{ url: 'http://127.0.0.1:42000/conservation/ids?minute=m', method: 'GET' },
      headers: { authorization: 'Bearer token-of-the-app' },
    },
  ]);
  const without = cluster([pod('a')], { token: false });
  await gatherConservation(without.view, 'scholar_auth');
  await expect(without.asked[0]?.control({ method: 'GET', path: '/' })).rejects.toThrow('no CONTROL_TOKEN');
});

test('an app that is not installed has nothing to compare', async () => {
  const { view } = cluster([]);
  expect(await gatherConservation(view, 'student_pilot')).toEqual([]);
});
