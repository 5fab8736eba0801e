import type { V1Pod } from '../../kube/objects.ts';
import type { Workload, WorkloadStatus } from './installed.ts';
import { isMoving } from './moving.ts';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1_000);

function workload(status: WorkloadStatus, kind: Workload['kind'] = 'StatefulSet'): Workload {
  return {
    kind,
    name: 'scholar-auth',
    replicas: 2,
    generation: 2,
    selector: {},
    template: {},
    trouble: undefined,
    status: { observedGeneration: 2, replicas: 2, readyReplicas: 2, updateRevision: 'new', ...status },
  };
}

function pod(
  revision: string,
  { made = 3_600, ready = true, restarts = 0, leaving = undefined as number | undefined } = {},
) {
  const metadata = {
    labels: { 'controller-revision-hash': revision },
    creationTimestamp: at(made),
    ...(leaving === undefined ? {} : { deletionTimestamp: at(leaving) }),
  };
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at(made) }];
  const container = { name: 'app', ready, restartCount: restarts, image: '', imageID: '' };
  return { metadata, status: { conditions, containerStatuses: [container] } } as V1Pod;
}

const moving = (of: Workload, ...pods: V1Pod[]) => isMoving(of, pods, NOW);

test('a workload whose pods are all of its template and ready is at rest', () => {
  expect(moving(workload({ updatedReplicas: 2 }), pod('new'), pod('new'))).toBe(false);
});

test('one that its controller has not seen yet is about to move, however old its pods are', () => {
  expect(moving(workload({ observedGeneration: 1, updatedReplicas: 2 }), pod('old'), pod('old'))).toBe(true);
});

test('between two pods it moves: one leaves, or the new one is not ready yet', () => {
  const half = workload({ updatedReplicas: 1, readyReplicas: 1 });
  expect(moving(half, pod('new'), pod('old', { leaving: 5 }))).toBe(true);
  expect(moving(half, pod('new', { made: 20, ready: false }), pod('old'))).toBe(true);
});

test('the moment after a pod became ready and before the next one goes is part of it', () => {
  expect(moving(workload({ updatedReplicas: 1 }), pod('new', { made: 15 }), pod('old'))).toBe(true);
});

test('one that is paused, or waits for somebody to delete its pods, does not move, not even at first', () => {
  const held = { ...workload({ observedGeneration: 1, updatedReplicas: 0 }), held: true };
  expect(moving(held, pod('old', { made: 5 }), pod('old', { made: 5 }))).toBe(false);
});

test('a rollout that nobody carries on stands still after ten minutes', () => {
  expect(moving(workload({ updatedReplicas: 0 }), pod('old'), pod('old'))).toBe(false);
  expect(moving(workload({ updatedReplicas: 1 }), pod('new', { made: 601 }), pod('old'))).toBe(false);
});

test('a new pod that dies again and again will not end it', () => {
  const crashing = pod('new', { made: 60, ready: false, restarts: 3 });
  expect(moving(workload({ updatedReplicas: 1, readyReplicas: 1 }), crashing, pod('old'))).toBe(false);
});

describe('a Deployment', () => {
  const status = { updatedReplicas: 0, replicas: 2 };
  const condition = (lastUpdateTime: Date, more = {}) => ({
    conditions: [{ type: 'Progressing', status: 'True', lastUpdateTime, ...more }],
  });
  const old = [pod('', {}), pod('', {})];

  test('moves as soon as it has begun, before there is a new pod', () => {
    expect(moving(workload({ ...status, ...condition(at(1)) }, 'Deployment'), ...old)).toBe(true);
  });

  test('that has given up does not move', () => {
    const gaveUp = condition(at(1), { status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(moving(workload({ ...status, ...gaveUp }, 'Deployment'), ...old)).toBe(false);
  });
});

test('a pod that a dead node cannot end does not hold it up for ever', () => {
  expect(moving(workload({ updatedReplicas: 2 }), pod('new'), pod('new'), pod('old', { leaving: 900 }))).toBe(
    false,
  );
});
