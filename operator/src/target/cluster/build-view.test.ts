import type { BuildStamp, Running } from '@scholar/contract';
import type { V1Pod } from '../../kube/objects.ts';
import { buildView } from './build-view.ts';
import type { Workload } from './installed.ts';

const MADE = new Date('2026-11-24T12:00:00.000Z');
const BUILD: BuildStamp = { version: '0.2.0', commit: null, committed_at: null, digest: 'abc' };

function workload(image: string): Workload {
  return {
    kind: 'StatefulSet',
    name: 'scholar-auth',
    replicas: 2,
    selector: {},
    template: {
      metadata: { annotations: { 'checksum/settings': 'new' } },
      spec: {
        containers: [{ name: 'app', image }],
        initContainers: [{ name: 'forwarder', image: 'other:9.9.9' }],
      },
    },
    trouble: undefined,
  };
}

function pod(
  name: string,
  { image, imageID, settings }: { image: string; imageID?: string; settings: string },
): V1Pod {
  const seen = { name: 'app', image: `registry.example/${image}`, ready: true, restartCount: 0 };
  return {
    metadata: { name, annotations: { 'checksum/settings': settings }, creationTimestamp: MADE },
    spec: { containers: [{ name: 'app', image }] },
    status: imageID === undefined ? {} : { containerStatuses: [{ ...seen, imageID }] },
  };
}

function view(image: string, pods: readonly V1Pod[], hashes: Readonly<Record<string, string>> = {}) {
  const told = pods.map((each, index) => {
    const config_hash = hashes[each.metadata?.name ?? ''];
    const running = config_hash === undefined ? undefined : ({ config_hash, build: BUILD } as Running);
    return { pod: each, running, config: undefined, speaks: index === 0 };
  });
  return buildView({ workload: workload(image), pods: told, container: 'app', moving: false });
}

test('each pod is told by what it was made from, beside what the template wants now', () => {
  const pods = [
    pod('a', { image: 'scholar:0.2.0', imageID: 'scholar@sha256:2', settings: 'new' }),
    pod('b', { image: 'scholar:0.1.0', settings: 'old' }),
  ];
  expect(view('scholar:0.2.0', pods, { a: 'aaaaaaaaaaaa' })).toEqual({
    version: '0.2.0',
    image: 'scholar:0.2.0',
    settings: 'new',
    moving: false,
    replicas: [
      {
        pod: 'a',
        speaks: true,
        madeAt: MADE.toISOString(),
        build: BUILD,
        config: undefined,
        image: 'scholar:0.2.0',
        imageId: 'scholar@sha256:2',
        settings: 'new',
        configHash: 'aaaaaaaaaaaa',
      },
      {
        pod: 'b',
        speaks: false,
        madeAt: MADE.toISOString(),
        build: undefined,
        config: undefined,
        image: 'scholar:0.1.0',
        imageId: '',
        settings: 'old',
        configHash: undefined,
      },
    ],
  });
});

test('a pod that leaves is no replica any more', () => {
  const leaving = pod('a', { image: 'scholar:0.1.0', settings: 'old' });
  leaving.metadata = { ...leaving.metadata, deletionTimestamp: new Date(0) as never };
  expect(view('scholar:0.2.0', [leaving]).replicas).toEqual([]);
});

test.each([
  ['scholar:0.1.0', '0.1.0'],
  ['registry.example:5000/team/scholar:v1.20.3', '1.20.3'],
  ['scholar:latest', undefined],
  ['scholar:0.1.0-rc.1', undefined],
  ['registry.example:5000/scholar', undefined],
  ['scholar@sha256:0000000000000000000000000000000000000000000000000000000000000000', undefined],
])('the image %s wants the release %p', (image, version) => {
  expect(view(image, []).version).toBe(version);
});
