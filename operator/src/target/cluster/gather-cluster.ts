import { APP_LABELS, type AppLabel, HUB_LABEL, keyFingerprint, type Running } from '@scholar/contract';
import type { ServedLabel } from '../../audit/remedy.ts';
import type {
  AppSnapshot,
  DesiredProcessView,
  ForwarderView,
  HubSnapshot,
  ProcessView,
  SidecarView,
  Snapshot,
} from '../../audit/snapshot.ts';
import type { Conserve } from '../../conservation/conservation.ts';
import { askTold } from '../../gather/ask-told.ts';
import { askCounted } from '../../gather/counters.ts';
import type { Ask } from '../../gather/http-client.ts';
import type { HubDatabase } from '../../gather/hub-database.ts';
import { observe } from '../../gather/observe.ts';
import { askPiiRefusals } from '../../gather/pii-refusals.ts';
import { askForwarderStatus, askHubReport } from '../../gather/probe.ts';
import { withLearnt } from '../../gather/ring-key.ts';
import type { KubeApi } from '../../kube/api-call.ts';
import type { Kube } from '../../kube/kube-client.ts';
import { buildView } from './build-view.ts';
import { gatherLeftClaims, type LeftClaims } from './claims/gather-left-claims.ts';
import {
  containerOf,
  desiredView,
  givenToPod,
  givenValue,
  type ProcessId,
  wantedProcess,
} from './desired-view.ts';
import { gatherConservation } from './gather-conservation.ts';
import { type Installed, podsOf, workloadOf } from './installed.ts';
import { minimumRate } from './minimum-rate.ts';
import type { Sources } from './mounted-file.ts';
import { isMoving } from './moving.ts';
import { objectName, POD_PORT } from './names.ts';
import { buildOf, operatorBuild } from './pod-build.ts';
import { podProcess } from './pod-process.ts';
import type { Reach } from './reach.ts';
import { digestsOf, ringOf } from './ring.ts';
import { sealedSecretViews } from './sealed-secrets.ts';
import { serviceAddress } from './service-address.ts';
import { hubAddress, serviceUrl } from './service-url.ts';
import { serviceView } from './service-view.ts';
import { sidecarView } from './sidecar-view.ts';
import { stripeOf } from './stripe.ts';

/** What a look at the cluster begins with: its objects, as the API server holds them. */
export interface ClusterView {
  kube: Kube;
  api: KubeApi;
  installed: Installed;
  sources: Sources;
  reach: Reach;
  ask: Ask;
  now: () => number;
  environment: Snapshot['environment'];
  readKey: string;
  database: Pick<HubDatabase, 'lostEvidence' | 'simulatedRows'>;
  conserve: Conserve;
}

const SANDBOX = 'stripe_sandbox';

/** Looks at every pod, at A8 and at Stripe, all at once. */
export async function gatherCluster(view: ClusterView): Promise<Snapshot> {
  const inProduction = view.environment === 'production';
  const left = await gatherLeftClaims(view);
  const [apps, database, sandbox, stripe, lost, simulated, sealed, operator] = await Promise.all([
    Promise.all(APP_LABELS.map((label) => gatherApp(view, label, left))),
    databaseView(view),
    sandboxView(view),
    stripeOf(view),
    view.database.lostEvidence().catch(() => undefined),
    inProduction ? view.database.simulatedRows().catch(() => undefined) : undefined,
    view.kube.sealedSecrets(),
    operatorBuild(view),
  ]);
  // After the apps: what one of them had counted by then must have arrived by now.
  const hub = await gatherHub(view, apps);
  return {
    at: new Date(view.now()).toISOString(),
    target: 'cluster',
    environment: view.environment,
    database,
    sandbox,
    hub,
    apps,
    stripe,
    lost,
    simulated,
    operator,
    sealed: sealed === undefined ? undefined : sealedSecretViews(sealed),
  };
}

async function gatherApp(view: ClusterView, label: AppLabel, left: LeftClaims): Promise<AppSnapshot> {
  const id: ProcessId = { label, role: 'app' };
  const ops = await podUrl(view, label, POD_PORT.ops);
  const counted = await askCounted(view.ask, ops);
  const [process, observed, forwarder, conservation] = await Promise.all([
    processView(view, id),
    observe(view, { url: serviceUrl(view.installed, objectName(label)), ops }),
    gatherForwarder(view, label),
    gatherConservation(view, label),
  ]);
  const build = await buildOf(view, id, observed.running);
  const desired = withoutOptional(desiredView(view, id, build?.moving), observed.running);
  const service = serviceView(view.installed, objectName(label));
  const minimumEventsPerHour = minimumRate(workloadOf(view.installed, objectName(label)));
  const leftClaims = left.get(label);
  const seen = { label, process, desired, ...observed, forwarder, minimumEventsPerHour, counted };
  return { ...seen, service, build, leftClaims, conservation };
}

async function gatherForwarder(view: ClusterView, label: AppLabel): Promise<ForwarderView> {
  const id: ProcessId = { label, role: 'forwarder' };
  const ops = await podUrl(view, label, POD_PORT.forwarderOps);
  const [process, told, status] = await Promise.all([
    processView(view, id),
    askTold(view, ops),
    askForwarderStatus(view.ask, ops),
  ]);
  const build = await buildOf(view, id, told.running);
  const desired = withoutOptional(desiredView(view, id, build?.moving), told.running);
  const key = givenToPod(view, id, 'A8_KEY');
  const givenKey = typeof key === 'string' ? keyFingerprint(key) : key;
  const seen = { process, desired, ...told, status, build };
  return { ...seen, givenKey, sidecar: sidecarOf(view, label) };
}

async function gatherHub(view: ClusterView, apps: readonly AppSnapshot[]): Promise<HubSnapshot> {
  const id: ProcessId = { label: HUB_LABEL, role: 'app' };
  const url = hubAddress(
    view.installed,
    apps.map(({ forwarder }) => forwarder.desired.settings['A8_URL'] ?? ''),
  );
  const [process, observed, report, piiRefusals] = await Promise.all([
    processView(view, id),
    observe(view, { url, ops: await podUrl(view, HUB_LABEL, POD_PORT.ops) }),
    askHubReport(view.ask, url, view.readKey),
    askPiiRefusals(view, url, view.readKey),
  ]);
  const build = await buildOf(view, id, observed.running);
  const desired = withoutOptional(desiredView(view, id, build?.moving), observed.running);
  const ring = withLearnt(ringOf(view), report.fingerprints);
  const { observations } = report;
  const service = serviceView(view.installed, objectName(HUB_LABEL));
  const digests = digestsOf(view.sources);
  return { url, process, desired, ...observed, ring, digests, observations, piiRefusals, service, build };
}

/** undefined where the app is not installed. */
function sidecarOf(view: ClusterView, label: AppLabel): SidecarView | undefined {
  const app = wantedProcess(view, { label, role: 'app' });
  if (app === undefined) return undefined;
  const outboxDir = givenValue(view, { label, role: 'forwarder' }, 'OUTBOX_DIR');
  return sidecarView({ template: app.spec, pod: app.pod, app: app.container.name, outboxDir });
}

/** Charts offer every secret; one that is nowhere and that the process does not miss is not wanted. */
function withoutOptional(desired: DesiredProcessView, running: Running | undefined): DesiredProcessView {
  if (running === undefined) return desired;
  const wanted = Object.entries(desired.secrets).filter(
    ([key, fingerprint]) =>
      fingerprint !== undefined || running.missing.includes(key) || running.settings[key]?.set,
  );
  return { ...desired, secrets: Object.fromEntries(wanted) };
}

const LOG_LINES = 5;

async function processView(view: ClusterView, id: ProcessId): Promise<ProcessView> {
  const container = containerOf(view, id)?.name ?? id.role;
  return containerView(view, objectName(id.label), container);
}

async function containerView(view: ClusterView, object: string, container: string): Promise<ProcessView> {
  const { kube, installed } = view;
  const workload = workloadOf(installed, object);
  const pods = workload === undefined ? [] : podsOf(installed, workload);
  const found = podProcess({ workload, pods, container }, view.now());
  if (found.pod === undefined || found.view.state === 'running') return { ...found.view, lastLines: [] };
  const log = { pod: found.pod, container, lines: LOG_LINES };
  // Log lines are evidence only: where there are none or they may not be read, the finding stands without them.
  const lastLines = await kube.logTail(log).catch(() => []);
  return { ...found.view, lastLines };
}

/** The server behind A8's DATABASE_URL where it is a workload of the namespace with the name of its Service. */
async function databaseView(view: ClusterView): Promise<ProcessView | undefined> {
  const url = givenValue(view, { label: HUB_LABEL, role: 'app' }, 'DATABASE_URL') ?? '';
  const name = serviceAddress(url, view.installed.namespace)?.service ?? '';
  const container = workloadOf(view.installed, name)?.template.spec?.containers[0]?.name;
  return container === undefined ? undefined : containerView(view, name, container);
}

async function sandboxView(view: ClusterView): Promise<Snapshot['sandbox']> {
  const workload = workloadOf(view.installed, objectName(SANDBOX));
  if (workload === undefined) return undefined;
  const id: ProcessId = { label: SANDBOX, role: 'app' };
  // It tells of itself at its public door; whether it is ready is nobody's question.
  const url = serviceUrl(view.installed, objectName(SANDBOX));
  const [process, { health, running }] = await Promise.all([
    processView(view, id),
    observe(view, { url, ops: url }),
  ]);
  const desired = withoutOptional(desiredView(view, id), running);
  const pods = podsOf(view.installed, workload);
  const told = pods.map((pod) => ({ pod, running, config: undefined, speaks: true }));
  const container = containerOf(view, id)?.name ?? '';
  const moving = isMoving(workload, pods, view.now());
  // Of its one pod; it is part of a trial only.
  const build = buildView({ workload, container, pods: told.slice(0, 1), moving });
  return { process, desired, health, running, build };
}

async function podUrl({ reach }: ClusterView, label: ServedLabel, port: number): Promise<string> {
  return `http://127.0.0.1:${(await reach.pod(objectName(label), port)).port}`;
}
