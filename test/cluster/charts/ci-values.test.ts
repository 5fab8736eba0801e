import { globSync } from 'node:fs';
import { APP_LABELS, HUB_LABEL } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { containerStatus, isReady, podsOf } from '../harness/pods.ts';
import {
  CHARTS,
  type ChartRelease,
  installChart,
  objectsOf,
  objectsThatStay,
  uninstallChart,
  upgradeUnchanged,
} from './chart-release.ts';

/**
 * Every values file of charts/<chart>/ci, installed by Helm 4 in a namespace that admits restricted pods only, beside a
 * PostgreSQL and Secrets that an earlier release has left. With them each becomes ready, but for those that are sealed with an
 * example.
 */
const PATIENCE_MS = 900_000;

/** Where PostgreSQL is here; the files name addresses of others. */
const DATABASE_TO = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'scholar-postgresql' } } }];

const OFF = Object.fromEntries(
  [...APP_LABELS, HUB_LABEL, 'operator'].map((name) => [`${name}.enabled`, false]),
);

/**
 * What becomes ready, with the values that depend on where it is installed. Together are files of an application and of A8,
 * which have no object in common; an operator sees nobody else that it could change.
 */
const READY: Record<string, Record<string, unknown>>[] = [
  { 'hub/ci/autoscaled-values.yaml': {}, 'service/ci/default-values.yaml': {} },
  { 'hub/ci/default-values.yaml': {}, 'service/ci/empty-dir-values.yaml': {} },
  { 'service/ci/every-knob-values.yaml': { 'networkPolicy.databaseTo': DATABASE_TO } },
  { 'operator/ci/default-values.yaml': {} },
  { 'operator/ci/every-knob-values.yaml': { 'networkPolicy.databaseTo': DATABASE_TO } },
  { 'scholar/ci/existing-secret-values.yaml': {} },
  { 'scholar/ci/production-values.yaml': { 'global.scholar.networkPolicy.databaseTo': DATABASE_TO } },
];

/** It brings a PostgreSQL and makes Secrets, so it goes first and alone. */
const FIRST = 'scholar/ci/dev-values.yaml';

/** Ciphertext that opens nothing: the pods start, hold, and say what they miss. */
const HOLDS: Record<string, { object: string; sealed: string }> = {
  'hub/ci/sealed-values.yaml': { object: 'auto-com-center', sealed: 'auto-com-center-app' },
  'service/ci/sealed-values.yaml': { object: 'scholarship-api', sealed: 'scholarship-api-a8' },
};

let namespace: string;
const chartOf = (file: string) => file.split('/')[0] as ChartRelease['chart'];
const release = (file: string, set = {}): ChartRelease => ({
  namespace,
  chart: chartOf(file),
  values: [file],
  set,
});

beforeAll(async () => {
  namespace = await ensureNamespace('charts');
});

test('every values file of charts/*/ci is installed below', () => {
  const files = globSync('*/ci/*-values.yaml', { cwd: CHARTS }).sort();
  const ready = READY.flatMap((together) => Object.keys(together));
  expect([FIRST, ...ready, ...Object.keys(HOLDS)].sort()).toEqual(files);
});

test(
  `${FIRST} becomes ready behind its policies, changes nothing when it is installed again, and leaves what it may`,
  async () => {
    await installChart(release(FIRST));
    const { before, after } = await upgradeUnchanged(namespace, [release(FIRST)]);
    expect(after).toBe(before);
    await uninstallChart(release(FIRST));
    await objectsThatStay(namespace);
  },
  PATIENCE_MS,
);

describe('beside a PostgreSQL that is there', () => {
  const database = (): ChartRelease => ({
    namespace,
    chart: 'scholar',
    name: 'database',
    values: [],
    set: {
      ...OFF,
      'postgresql.enabled': true,
      'postgresql.existingSecret': 'scholar-postgresql',
    },
  });

  beforeAll(() => installChart(database()), PATIENCE_MS);
  afterAll(() => uninstallChart(database()), PATIENCE_MS);

  test.each(READY.map((together) => [Object.keys(together).join(' and '), together] as const))(
    '%s: everything becomes ready, nothing changes when it is installed again, and nothing is left but what may be',
    async (_, together) => {
      const releases = Object.entries(together).map(([file, set]) => release(file, set));
      const there = await objectsOf(namespace);
      await Promise.all(releases.map(installChart));
      const { before, after } = await upgradeUnchanged(namespace, releases);
      expect(after).toBe(before);
      await Promise.all(releases.map(uninstallChart));
      await objectsThatStay(namespace, there);
    },
    PATIENCE_MS,
  );
});

describe('sealed with an example', () => {
  const held = async (file: string): Promise<ChartRelease> => {
    const apart = await ensureNamespace(`charts-sealed-${chartOf(file)}`);
    return { ...release(file), namespace: apart, ready: false };
  };

  beforeAll(async () => {
    const install = async (file: string) => installChart(await held(file));
    await Promise.all(Object.keys(HOLDS).map(install));
  }, PATIENCE_MS);

  test.each(Object.entries(HOLDS))(
    '%s starts, stays unready, and both the controller and the process say why',
    async (file, { object, sealed }) => {
      const installed = await held(file);
      const apart = installed.namespace;
      const state = async () => {
        const [pod] = await podsOf(apart, object);
        if (pod === undefined) throw new Error(`no pod of ${object}`);
        return pod;
      };
      await waitFor(async () => containerStatus(await state(), 'app')?.started === true, {
        timeoutMs: 180_000,
        intervalMs: 500,
        what: `${object} started`,
      });
      const pod = await state();
      expect(isReady(pod)).toBe(false);
      expect(containerStatus(pod, 'app')?.restartCount).toBe(0);
      const running = JSON.parse(
        await kubectl(
          ...['get', '--raw', `/api/v1/namespaces/${apart}/pods/${pod.metadata?.name}:9464/proxy/running`],
        ),
      );
      expect(running.missing).toContain('DATABASE_URL');
      if (chartOf(file) === 'service') expect(containerStatus(pod, 'forwarder')?.ready).toBe(true);
      await waitFor(
        async () => {
          const { status } = JSON.parse(
            await kubectl('get', 'sealedsecret', sealed, '-n', apart, '-o', 'json'),
          );
          return (status?.conditions ?? []).some(
            (condition: { type: string; status: string; message?: string }) =>
              condition.type === 'Synced' && condition.status === 'False',
          );
        },
        { timeoutMs: 120_000, intervalMs: 500, what: `the controller to refuse ${sealed}` },
      );
      await uninstallChart(installed);
      await objectsThatStay(apart);
    },
    PATIENCE_MS,
  );
});
