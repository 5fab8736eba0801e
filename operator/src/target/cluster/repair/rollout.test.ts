import type { V1ContainerStatus, V1Pod } from '../../../kube/objects.ts';
import { type Rolling, rolloutState } from './rollout.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');

interface PodChange {
  ready?: boolean;
  status?: Partial<V1ContainerStatus>;
  ageMs?: number;
  leaving?: boolean;
  revision?: string;
}

function pod({
  ready = true,
  status = {},
  ageMs = 5_000,
  leaving = false,
  revision = 'new',
}: PodChange = {}): V1Pod {
  return {
    metadata: {
      name: 'scholar-auth-0',
      labels: { 'controller-revision-hash': revision },
      creationTimestamp: new Date(NOW - ageMs),
      ...(leaving ? { deletionTimestamp: new Date(NOW) } : {}),
    },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'app', image: 'i', imageID: 'i', ready, restartCount: 0, ...status }],
    },
  };
}

const DONE = {
  observedGeneration: 2,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  updateRevision: 'new',
};

const rolling = (status: Rolling['status'] = {}, pods: V1Pod[] = [pod()], replicas = 1): Rolling => ({
  generation: 2,
  replicas,
  status: { ...DONE, ...status },
  pods,
});

test.each<[string, Rolling, string]>([
  ['everything is as wanted', rolling(), 'done'],
  ['it is scaled to 0', rolling({ replicas: 0, updatedReplicas: 0, readyReplicas: 0 }, [], 0), 'done'],
  ['the controller has not seen the change yet', rolling({ observedGeneration: 1 }), 'rolling'],
  ['the new pod is not ready yet', rolling({ readyReplicas: 0 }, [pod({ ready: false })]), 'rolling'],
  ['an old pod is still counted', rolling({ replicas: 2 }), 'rolling'],
  ['its pod is of the older revision', rolling({}, [pod({ revision: 'old' })]), 'rolling'],
  ['an old pod is on its way out', rolling({}, [pod(), pod({ revision: 'old', leaving: true })]), 'done'],
  [
    'the pod crashes',
    rolling({ readyReplicas: 0 }, [
      pod({ ready: false, status: { state: { waiting: { reason: 'CrashLoopBackOff' } } } }),
    ]),
    'stuck',
  ],
  [
    'the pod dies again and again, and runs just now',
    rolling({ readyReplicas: 0 }, [
      pod({ ready: false, status: { restartCount: 2, state: { running: {} } } }),
    ]),
    'stuck',
  ],
  [
    'the image is nowhere',
    rolling({ updatedReplicas: 0, readyReplicas: 0 }, [
      pod({ ready: false, status: { state: { waiting: { reason: 'ImagePullBackOff' } } } }),
    ]),
    'stuck',
  ],
  [
    'the pod has not been ready for ten minutes',
    rolling({ readyReplicas: 0 }, [pod({ ready: false, ageMs: 600_001 })]),
    'stuck',
  ],
  [
    'the deadline of a Deployment has passed',
    rolling({
      readyReplicas: 0,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    }),
    'stuck',
  ],
])('%s', (_what, seen, state) => {
  expect(rolloutState(seen, NOW).state).toBe(state);
});

test('the old pod that crashes does not speak for the new one that starts', () => {
  const crashing = pod({
    ready: false,
    revision: 'old',
    status: { state: { waiting: { reason: 'CrashLoopBackOff' } } },
  });
  const seen = rolling({ readyReplicas: 0 }, [crashing, pod({ ready: false })]);
  expect(rolloutState(seen, NOW).state).toBe('stuck');
  const ours = (each: V1Pod) => each.metadata?.labels?.['controller-revision-hash'] === 'new';
  expect(rolloutState(seen, NOW, ours).state).toBe('rolling');
});
