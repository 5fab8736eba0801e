import type { V1ContainerStatus, V1Pod } from '../../kube/objects.ts';
import type { Workload } from './installed.ts';
import { chosenPod } from './pod-choice.ts';
import { podProcess } from './pod-process.ts';

const WORKLOAD: Workload = {
  kind: 'StatefulSet',
  name: 'scholar-auth',
  replicas: 1,
  selector: {},
  template: {},
  trouble: undefined,
};

function status(change: Partial<V1ContainerStatus>): V1ContainerStatus {
  return { name: 'app', image: 'i', imageID: 'i', ready: true, restartCount: 0, ...change };
}

function pod(name: string, container: Partial<V1ContainerStatus> | undefined, ready = true): V1Pod {
  return {
    metadata: { name },
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      ...(container === undefined ? {} : { containerStatuses: [status(container)] }),
    },
  };
}

const NOW = Date.parse('2026-11-24T12:00:00.000Z');

function processOf(pods: V1Pod[], container = 'app') {
  return podProcess({ workload: WORKLOAD, pods, container }, NOW);
}

const RUNS = { state: { running: {} }, started: true };
const CRASHES = {
  restartCount: 4,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
  lastState: { terminated: { exitCode: 2, reason: 'Error' } },
};

test.each<[string, Partial<V1ContainerStatus>, object]>([
  ['that runs', RUNS, { state: 'running', restarts: 0, lastExit: null }],
  ['whose startup probe has not passed', { state: { running: {} }, started: false }, { state: 'starting' }],
  ['in CrashLoopBackOff', CRASHES, { state: 'crashing', restarts: 4, lastExit: 'exit code 2' }],
  [
    'that dies at each start, in the moment in which it runs,',
    { ...CRASHES, state: { running: { startedAt: new Date(NOW - 100) } }, started: true },
    { state: 'crashing', restarts: 4 },
  ],
  [
    'that the kernel ended for its memory',
    { ...RUNS, restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
    { state: 'running', restarts: 1, lastExit: 'OOMKilled, exit code 137' },
  ],
  [
    'whose image cannot be pulled',
    { state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } },
    { state: 'starting', lastExit: 'ImagePullBackOff: no such image' },
  ],
  [
    'that has just died',
    { state: { terminated: { exitCode: 1 } } },
    { state: 'crashing', lastExit: 'exit code 1' },
  ],
])('a container %s is told as such', (_name, container, view) => {
  expect(processOf([pod('a', container)])).toMatchObject({ pod: 'a', view });
});

test('of several pods the worst off speaks', () => {
  const found = processOf([pod('a', RUNS), pod('b', CRASHES), pod('c', RUNS)]);
  expect(found).toMatchObject({ pod: 'b', view: { state: 'crashing' } });
});

test('what is scaled to 0, has no pod or is not installed is stopped, and says why', () => {
  const why = (workload: Workload | undefined) =>
    podProcess({ workload, pods: [], container: 'app' }, NOW).view;
  expect(why({ ...WORKLOAD, replicas: 0 })).toMatchObject({
    state: 'stopped',
    lastExit: 'the StatefulSet scholar-auth is scaled to 0',
  });
  expect(why({ ...WORKLOAD, trouble: 'exceeded quota' })).toMatchObject({
    state: 'stopped',
    lastExit: 'exceeded quota',
  });
  expect(why(WORKLOAD).lastExit).toContain('has no pod');
  expect(why(undefined).lastExit).toContain('not installed');
});

test('a pod that no node takes is starting, with the reason of the scheduler', () => {
  const unscheduled: V1Pod = {
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes: no memory' },
      ],
    },
  };
  expect(processOf([unscheduled]).view).toEqual({
    state: 'starting',
    restarts: 0,
    lastExit: 'Unschedulable: 0/1 nodes: no memory',
  });
});

test('a pod that was made without its forwarder is told as such', () => {
  expect(processOf([pod('a', RUNS)], 'forwarder').view).toEqual({
    state: 'stopped',
    restarts: 0,
    lastExit: 'the pod a has no container forwarder',
  });
});

test('a native sidecar is found among the init containers', () => {
  const meshed: V1Pod = {
    metadata: { name: 'a' },
    status: { initContainerStatuses: [status({ ...RUNS, name: 'forwarder' })] },
  };
  expect(processOf([meshed], 'forwarder').view.state).toBe('running');
});

test('the pod that speaks for an app is ready before running, then first by name, and never one that leaves', () => {
  const leaving = pod('a', RUNS);
  leaving.metadata = { name: 'a', deletionTimestamp: new Date(0) as never };
  expect(chosenPod([leaving, pod('c', RUNS), pod('b', RUNS, false)])?.metadata?.name).toBe('c');
  expect(chosenPod([pod('d', RUNS), pod('c', RUNS)])?.metadata?.name).toBe('c');
  expect(chosenPod([leaving])).toBeUndefined();
});
