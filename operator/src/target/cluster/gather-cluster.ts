import { APP_LABELS, type AppLabel, HUB_LABEL, type Running } from '@scholar/contract';
import type { ServedLabel } from '../../audit/remedy.ts';
import type {
  AppSnapshot,
  DesiredProcessView,
  ForwarderView,
  HubSnapshot,
  LostEvidence,
  ProcessView,
  Snapshot,
} from '../../audit/snapshot.ts';
import type { Ask } from '../../gather/http-client.ts';
import { observe } from '../../gather/observe.ts';
import { askForwarderStatus, askObservations, askRunning } from '../../gather/probe.ts';
import type { Kube } from '../../kube/kube-client.ts';
import { containerOf, desiredView, givenValue, type ProcessId } from './desired-view.ts';
import { type Installed, podsOf, workloadOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { objectName, POD_PORT } from './names.ts';
import { podProcess } from './pod-process.ts';
import type { Reach } from './reach.ts';
import { digestsOf, ringOf } from './ring.ts';
import { serviceAddress } from './service-address.ts';
import { hubAddress, serviceUrl } from './service-url.ts';
import { stripeOf } from './stripe.ts';

/** What a look at the cluster begins with: its objects, as the API server holds them. */
export interface ClusterView {
  kube: Kube;
  installed: Installed;
  sources: Sources;
  reach: Reach;
  ask: Ask;
  now: () => number;
  environment: Snapshot['environment'];
  readKey: string;
  lostEvidence: () => Promise<LostEvidence[]>;
}

const SANDBOX = 'stripe_sandbox';

/** Looks at every pod, at A8 and at Stripe, all at once. */
export async function gatherCluster(view: ClusterView): Promise<Snapshot> {
  const [apps, database, sandbox, stripe, lost] = await Promise.all([
    Promise.all(APP_LABELS.map((label) => gatherApp(view, label))),
    databaseView(view),
    sandboxView(view),
    stripeOf(view),
    view.lostEvidence().catch(() => undefined),
  ]);
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
  };
}

async function gatherApp(view: ClusterView, label: AppLabel): Promise<AppSnapshot> {
  const id: ProcessId = { label, role: 'app' };
  const [process, observed, forwarder] = await Promise.all([
    processView(view, id),
    observe(view, {
      url: serviceUrl(view.installed, objectName(label)),
      ops: await podUrl(view, label, POD_PORT.ops),
    }),
    gatherForwarder(view, label),
  ]);
  const desired = withoutOptional(desiredView(view, id), observed.running);
  return { label, process, desired, ...observed, forwarder, minimumEventsPerHour: 0 };
}

async function gatherForwarder(view: ClusterView, label: AppLabel): Promise<ForwarderView> {
  const id: ProcessId = { label, role: 'forwarder' };
  const ops = await podUrl(view, label, POD_PORT.forwarderOps);
  const [process, running, status] = await Promise.all([
    processView(view, id),
    askRunning(view.ask, ops),
    askForwarderStatus(view.ask, ops),
  ]);
  return { process, desired: withoutOptional(desiredView(view, id), running), running, status };
}

async function gatherHub(view: ClusterView, apps: readonly AppSnapshot[]): Promise<HubSnapshot> {
  const id: ProcessId = { label: HUB_LABEL, role: 'app' };
  const url = hubAddress(
    view.installed,
    apps.map(({ forwarder }) => forwarder.desired.settings['A8_URL'] ?? ''),
  );
  const [process, { health, ready, running }, observations] = await Promise.all([
    processView(view, id),
    observe(view, { url, ops: await podUrl(view, HUB_LABEL, POD_PORT.ops) }),
    askObservations(view.ask, url, view.readKey),
  ]);
  const desired = withoutOptional(desiredView(view, id), running);
  const ring = ringOf(view);
  const digests = digestsOf(view.sources);
  return { url, process, desired, health, ready, running, ring, digests, observations };
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
  if (workloadOf(view.installed, objectName(SANDBOX)) === undefined) return undefined;
  const id: ProcessId = { label: SANDBOX, role: 'app' };
  // It tells of itself at its public door; whether it is ready is nobody's question.
  const url = serviceUrl(view.installed, objectName(SANDBOX));
  const [process, { health, running }] = await Promise.all([
    processView(view, id),
    observe(view, { url, ops: url }),
  ]);
  return { process, desired: withoutOptional(desiredView(view, id), running), health, running };
}

async function podUrl({ reach }: ClusterView, label: ServedLabel, port: number): Promise<string> {
  return `http://127.0.0.1:${(await reach.pod(objectName(label), port)).port}`;
}
