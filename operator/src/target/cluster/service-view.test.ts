import type { V1Pod } from '../../kube/objects.ts';
import type { Installed } from './installed.ts';
import { serviceView } from './service-view.ts';

const LABELS = { 'app.kubernetes.io/name': 'scholar-auth', 'app.kubernetes.io/component': 'app' };

function pod(
  name: string,
  change: { labels?: Record<string, string>; owner?: string; phase?: string; ready?: boolean } = {},
): V1Pod {
  const { labels = LABELS, owner = 'StatefulSet', phase = 'Running', ready = true } = change;
  return {
    metadata: {
      name,
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'o', uid: 'u' }],
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

function installed(pods: V1Pod[], selector: Record<string, string> | undefined = LABELS): Installed {
  return {
    namespace: 'trial',
    workloads: [
      {
        kind: 'StatefulSet',
        name: 'scholar-auth',
        replicas: 1,
        selector: { matchLabels: LABELS },
        template: {},
        trouble: undefined,
      },
    ],
    pods,
    services: [{ metadata: { name: 'scholar-auth' }, spec: selector === undefined ? {} : { selector } }],
  };
}

test('a Service that selects the pods of its app leads to them and to nobody else', () => {
  expect(serviceView(installed([pod('scholar-auth-0')]), 'scholar-auth')).toEqual({
    name: 'scholar-auth',
    selected: ['scholar-auth-0'],
    strangers: [],
    readyPods: ['scholar-auth-0'],
  });
});

test('a pod with the labels that another controller made is a stranger; one that has ended is nothing', () => {
  const pods = [
    pod('scholar-auth-0'),
    pod('debug', { owner: 'Job' }),
    pod('helm-test', { owner: 'Job', phase: 'Succeeded' }),
  ];
  expect(serviceView(installed(pods), 'scholar-auth')).toMatchObject({
    selected: ['scholar-auth-0', 'debug'],
    strangers: ['debug'],
  });
});

test('a selector that matches no pod leads nowhere, though the app is ready', () => {
  const found = serviceView(installed([pod('scholar-auth-0')], { app: 'scholar-auht' }), 'scholar-auth');
  expect(found).toMatchObject({ selected: [], readyPods: ['scholar-auth-0'] });
});

test('pods that are not ready, or leave, are no reason to blame a Service', () => {
  const leaving = pod('scholar-auth-1');
  leaving.metadata = { ...leaving.metadata, deletionTimestamp: new Date(0) as never };
  const found = serviceView(installed([pod('scholar-auth-0', { ready: false }), leaving]), 'scholar-auth');
  expect(found).toMatchObject({ selected: ['scholar-auth-0'], readyPods: [] });
});

test('a Service without a selector, or none at all, cannot be judged by labels', () => {
  const without = installed([pod('scholar-auth-0')]);
  without.services = [{ metadata: { name: 'scholar-auth' }, spec: {} }];
  expect(serviceView(without, 'scholar-auth')).toBeUndefined();
  expect(serviceView({ ...without, services: [] }, 'scholar-auth')).toBeUndefined();
});
