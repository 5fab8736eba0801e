import { APP_LABELS } from '@scholar/contract';
import type { LocalPort } from '@scholar/operator/kube-client';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { Prometheus, type Target } from '../../harness/prometheus.ts';
import { deleteNamespace } from '../../run/cluster-namespaces.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { installRelease } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { kubeOf, type Pod } from '../harness/pods.ts';
import {
  forbidPrometheus,
  PROMETHEUS_POD,
  PROMETHEUS_PORT,
  prometheusImage,
  runPrometheus,
} from '../harness/prometheus-pod.ts';
import { scrapeOfMonitors } from '../harness/scrape-of-monitors.ts';
import { INSTALL_TIMEOUT_MS, openTrial, trialRelease } from './trial.ts';

/** What the charts have for a Prometheus in `namespace`, and the door of the policies that is meant for it. */
const monitored = (namespace: string) => ({
  'global.scholar.networkPolicy.prometheusNamespace': namespace,
  'auto_com_center.metrics.prometheusRule.enabled': true,
  'metrics.prometheusRule.enabled': true,
});

const BY_PODS = { 'global.scholar.metrics.podMonitor.enabled': true };

/** The charts refuse both for A8: each rate would be doubled. */
const A8_BY_SERVICE = Object.fromEntries([
  ...[...APP_LABELS, 'operator'].map((of) => [`${of}.metrics.podMonitor.enabled`, true]),
  ['auto_com_center.metrics.serviceMonitor.enabled', true],
]);

/** Stands in for Stripe in a trial: no part of the system, so no monitor is for it. */
const NOT_OURS = 'stripe-sandbox';

let system: ClusterSystem;
let monitoring: string;
let forward: LocalPort;
let prometheus: Prometheus;
let image: string;

beforeAll(async () => {
  system = await openTrial();
  monitoring = await ensureNamespace('monitoring');
  image = await prometheusImage();
  await watchRelease(BY_PODS);
  forward = await kubeOf(monitoring).forward({ port: PROMETHEUS_PORT, pod: async () => PROMETHEUS_POD });
  prometheus = new Prometheus(`http://127.0.0.1:${forward.port}`);
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await forward?.close();
  if (monitoring !== undefined) {
    await forbidPrometheus(monitoring, system.namespace);
    await deleteNamespace(monitoring);
  }
  await system?.close();
}, 300_000);

/** The release with these monitors, and a Prometheus that was told of what is there then. */
async function watchRelease(monitors: Record<string, unknown>): Promise<void> {
  const release = trialRelease(system);
  await installRelease({ ...release, set: { ...release.set, ...monitored(monitoring), ...monitors } });
  const rules = (await objects('prometheusrules')) as { spec: { groups: object[] } }[];
  await runPrometheus({
    namespace: monitoring,
    image,
    watched: system.namespace,
    config: {
      global: { evaluation_interval: '5s' },
      rule_files: ['/config/rules.yaml'],
      scrape_configs: scrapeOfMonitors(await objects('podmonitors,servicemonitors')),
    },
    rules: { groups: rules.flatMap(({ spec }) => spec.groups) },
  });
}

async function objects(kinds: string): Promise<unknown[]> {
  return JSON.parse(await kubectl('get', kinds, '-n', system.namespace, '-o', 'json')).items;
}

/** `pod container` of every container of ours that has a port for metrics. */
async function speakers(): Promise<string[]> {
  const pods = (await kubeOf(system.namespace).pods()).filter(
    ({ metadata, status }) =>
      metadata?.labels?.['app.kubernetes.io/name'] !== NOT_OURS && status?.phase === 'Running',
  );
  return pods.flatMap(speakersOf).sort();
}

function speakersOf({ metadata, spec }: Pod): string[] {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers
    .filter(({ ports }) => ports?.some(({ name }) => name === 'ops' || name === 'forwarder-ops'))
    .map(({ name }) => `${metadata?.name} ${name}`);
}

const nameOf = ({ labels }: Target): string => `${labels['pod']} ${labels['container']}`;

/** Resolves when as many targets are healthy as containers have a port for metrics. @throws Error with all targets */
async function healthyTargets(): Promise<Target[]> {
  const wanted = (await speakers()).length;
  const healthy = async () => (await prometheus.targets()).filter(({ health }) => health === 'up');
  await waitFor(async () => (await healthy()).length >= wanted, {
    timeoutMs: 180_000,
    intervalMs: 1_000,
    what: 'as many healthy targets as processes',
  }).catch(async (cause: Error) => {
    const told = (await prometheus.targets()).map(
      (each) => `${nameOf(each)} ${each.health} ${each.lastError}`,
    );
    throw new Error(`${cause.message}\n${told.join('\n')}`);
  });
  const targets = await prometheus.targets();
  expect(targets.filter(({ health }) => health !== 'up')).toEqual([]);
  return targets;
}

test('the monitors discover every process of the release, and from the namespace of the policies each can be scraped', async () => {
  const wanted = await speakers();
  // Seven apps with a forwarder each, A8, and the operator.
  expect(wanted).toHaveLength(16);
  expect((await healthyTargets()).map(nameOf).sort()).toEqual(wanted);
}, 240_000);

test('what they tell carries namespace, pod and container of the cluster, and the app that they name themselves', async () => {
  const built = await prometheus.query('count by (app, namespace) (scholar_build_info)');
  expect(built.filter(({ labels }) => labels['namespace'] !== system.namespace)).toEqual([]);
  const told = Object.fromEntries(built.map(({ labels, value }) => [labels['app'], value]));
  expect(told).toMatchObject({
    auto_com_center: 1,
    scholar_operator: 1,
    scholar_auth: 2,
    auto_page_maker: 2,
  });
  expect(Object.keys(told)).toHaveLength(9);
}, 60_000);

test('the rules that the release brought are evaluated without an error', async () => {
  await waitFor(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'), {
    timeoutMs: 120_000,
    intervalMs: 500,
    what: 'a first evaluation of every rule',
  });
  const rules = await prometheus.rules();
  expect(rules.length).toBeGreaterThan(10);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
}, 180_000);

test('with its ServiceMonitor instead, A8 is discovered too, and still each process once', async () => {
  await kubectl('delete', 'pod', PROMETHEUS_POD, '-n', monitoring, '--wait=true');
  await watchRelease(A8_BY_SERVICE);
  const targets = await healthyTargets();
  expect(targets.map(nameOf).sort()).toEqual(await speakers());
  const byService = targets.filter(({ labels }) => labels['service'] !== undefined);
  expect(byService.map(({ labels }) => [labels['service'], labels['container'], labels['endpoint']])).toEqual(
    [['auto-com-center-ops', 'app', 'ops']],
  );
}, 480_000);
