import {
  APP_LABELS,
  type AppLabel,
  type BuildStamp,
  HUB_LABEL,
  keyFingerprint,
  type Running,
} from '@scholar/contract';
import { VERSION } from '@scholar/runtime/running';
import type {
  AppSnapshot,
  BuildView,
  DesiredProcessView,
  ForwarderView,
  HubSnapshot,
  ProcessView,
  ReplicaView,
  Snapshot,
  StripeSnapshot,
} from '../../audit/snapshot.ts';
import type { Conserve } from '../../conservation/conservation.ts';
import { askTold } from '../../gather/ask-told.ts';
import { configView } from '../../gather/config-view.ts';
import { askCounted } from '../../gather/counters.ts';
import { fileValue } from '../../gather/file-value.ts';
import type { Ask } from '../../gather/http-client.ts';
import type { HubDatabase } from '../../gather/hub-database.ts';
import { observe } from '../../gather/observe.ts';
import { askPiiRefusals } from '../../gather/pii-refusals.ts';
import { askForwarderStatus, askHubReport, askRunning, probe } from '../../gather/probe.ts';
import { withLearnt } from '../../gather/ring-key.ts';
import { gatherStripe } from '../../gather/stripe-endpoints.ts';
import { wantedSecret } from '../../gather/wanted-secret.ts';
import type { ComponentStatus } from './component.ts';
import type { DesiredState } from './desired.ts';
import { readText } from './json-file.ts';
import { portsFrom, type Role, SANDBOX_LABEL, type ServiceLabel, type StateLayout } from './layout.ts';
import { controlOf } from './local-repair.ts';
import type { Overrides } from './overrides.ts';
import { componentName, desiredEnvironment, desiredProcess, reaches } from './process-spec.ts';
import { readRing } from './ring.ts';
import { desiredSecret } from './secrets.ts';
import { lastLines } from './start-failure.ts';

export interface LocalView {
  desired: DesiredState;
  layout: StateLayout;
  components: readonly ComponentStatus[];
  overrides: Overrides;
  ask: Ask;
  now: () => number;
  /** What the checkout holds now. */
  build: BuildStamp;
  database: Pick<HubDatabase, 'lostEvidence' | 'simulatedRows'>;
  conserve: Conserve;
}

/** Processes of this machine are started from the checkout that the command belongs to. */
function localBuild(view: LocalView, id: ProcessId, running: Running | undefined): BuildView {
  const build = {
    version: VERSION,
    image: undefined,
    settings: undefined,
    moving: false,
    wanted: view.build,
  };
  if (running === undefined) return { ...build, replicas: [] };
  const replica: ReplicaView = {
    pod: componentName(id.label, id.role),
    speaks: true,
    madeAt: running.started_at,
    image: '',
    imageId: '',
    settings: undefined,
    configHash: running.config_hash,
    build: running.build,
    config: configView(running, Object.entries(desiredEnvironment(view.desired, id.label, id.role))),
  };
  return { ...build, replicas: [replica] };
}

/** Looks at every process, at A8 and at Stripe, all at once; takes as long as the slowest answer. */
export async function gatherLocal(view: LocalView): Promise<Snapshot> {
  const inProduction = view.desired.environment === 'production';
  const [stripe, lost, simulated, database, sandbox, apps] = await Promise.all([
    stripeView(view),
    view.database.lostEvidence().catch(() => undefined),
    inProduction ? view.database.simulatedRows().catch(() => undefined) : undefined,
    processView(view, 'postgres'),
    gatherSandbox(view),
    Promise.all(APP_LABELS.map((label) => gatherApp(view, label))),
  ]);
  // After the apps: what one of them had counted by then must have arrived by now.
  const hub = await gatherHub(view);
  return {
    at: new Date(view.now()).toISOString(),
    target: 'local',
    environment: view.desired.environment,
    database,
    sandbox,
    hub,
    apps,
    stripe,
    lost,
    simulated,
    sealed: undefined,
  };
}

async function gatherApp(view: LocalView, label: AppLabel): Promise<AppSnapshot> {
  const ports = portsFrom(view.desired.port_base);
  const service = view.desired.services[label];
  if (service === undefined) throw new Error(`${view.layout.desired} has no service called ${label}.`);
  const url = `http://127.0.0.1:${ports.public(label)}`;
  const ops = `http://127.0.0.1:${ports.ops(label)}`;
  const counted = await askCounted(view.ask, ops);
  const [process, desired, observed, forwarder, conservation] = await Promise.all([
    processView(view, componentName(label, 'app')),
    desiredView(view, { label, role: 'app' }),
    observe(view, { url, ops }),
    gatherForwarder(view, label),
    gatherConservation(view, label),
  ]);
  const minimumEventsPerHour = service.minimum_events_per_hour;
  const seen = { label, process, desired, ...observed, forwarder, minimumEventsPerHour, counted };
  const build = localBuild(view, { label, role: 'app' }, observed.running);
  return { ...seen, service: undefined, build, conservation };
}

async function gatherConservation(view: LocalView, label: AppLabel): Promise<AppSnapshot['conservation']> {
  const ops = `http://127.0.0.1:${portsFrom(view.desired.port_base).forwarderOps(label)}`;
  const seen = await view.conserve({ name: label, ops, control: controlOf(label, view) });
  return seen === undefined ? undefined : [seen];
}

async function gatherForwarder(view: LocalView, label: AppLabel): Promise<ForwarderView> {
  const ops = `http://127.0.0.1:${portsFrom(view.desired.port_base).forwarderOps(label)}`;
  const [process, desired, told, status, key] = await Promise.all([
    processView(view, componentName(label, 'forwarder')),
    desiredView(view, { label, role: 'forwarder' }),
    askTold(view, ops),
    askForwarderStatus(view.ask, ops),
    readText(view.layout.liveSecret(label, 'forwarder', 'A8_KEY')).then(fileValue),
  ]);
  const givenKey = key === undefined ? null : keyFingerprint(key);
  const build = localBuild(view, { label, role: 'forwarder' }, told.running);
  return { process, desired, ...told, status, givenKey, sidecar: undefined, build };
}

async function gatherHub(view: LocalView): Promise<HubSnapshot> {
  const ports = portsFrom(view.desired.port_base);
  const url = `http://127.0.0.1:${ports.public(HUB_LABEL)}`;
  const readKey = await desiredSecret(view.layout, 'supervisor', 'A8_READ_KEY');
  const [process, desired, observed, entries, report, piiRefusals] = await Promise.all([
    processView(view, HUB_LABEL),
    desiredView(view, { label: HUB_LABEL, role: 'app' }),
    observe(view, { url, ops: `http://127.0.0.1:${ports.ops(HUB_LABEL)}` }),
    readRing(view.layout),
    askHubReport(view.ask, url, readKey),
    askPiiRefusals(view, url, readKey),
  ]);
  return {
    url,
    process,
    desired,
    ...observed,
    ring: withLearnt(entries, report.fingerprints),
    observations: report.observations,
    piiRefusals,
    service: undefined,
    build: localBuild(view, { label: HUB_LABEL, role: 'app' }, observed.running),
  };
}

async function processView(view: LocalView, name: string): Promise<ProcessView> {
  const component = view.components.find((each) => each.name === name);
  if (component === undefined) return { state: 'unknown', restarts: 0, lastExit: null, lastLines: [] };
  const state = component.state === 'backoff' ? 'crashing' : component.state;
  const lines = state === 'running' ? [] : await lastLines(view.layout.log(name), 5);
  return { state, restarts: component.restarts, lastExit: component.last_exit, lastLines: lines };
}

interface ProcessId {
  label: ServiceLabel;
  role: Role;
}

async function desiredView(view: LocalView, { label, role }: ProcessId): Promise<DesiredProcessView> {
  const wanted = desiredProcess(view.desired, label, role);
  const settings = { ...wanted.settings };
  const secrets: DesiredProcessView['secrets'] = {};
  for (const key of wanted.secrets) {
    const { shown, fingerprint } = wantedSecret(fileValue(await readText(view.layout.secret(label, key))));
    if (shown !== undefined) settings[key] = shown;
    secrets[key] = fingerprint;
  }
  const overridden = Object.keys(view.overrides.settings[label] ?? {});
  return { settings, secrets, deviating: overridden.filter((key) => reaches(role, key)) };
}

async function gatherSandbox(view: LocalView): Promise<Snapshot['sandbox']> {
  if (view.desired.stripe !== 'sandbox') return undefined;
  const ports = portsFrom(view.desired.port_base);
  const [process, desired, health, running] = await Promise.all([
    processView(view, SANDBOX_LABEL),
    desiredView(view, { label: SANDBOX_LABEL, role: 'app' }),
    probe(view.ask, `http://127.0.0.1:${ports.public(SANDBOX_LABEL)}/health`),
    askRunning(view.ask, `http://127.0.0.1:${ports.ops(SANDBOX_LABEL)}`),
  ]);
  const build = localBuild(view, { label: SANDBOX_LABEL, role: 'app' }, running);
  return { process, desired, health, running, build };
}

/** Asked with the desired key, not A2's running one: the audit must be able to ask Stripe when A2 has lost its key. */
async function stripeView({ layout, desired }: LocalView): Promise<StripeSnapshot> {
  const secretKey = await readText(layout.secret('scholarship_api', 'STRIPE_SECRET_KEY'));
  if (secretKey === undefined) {
    const error = 'there is no STRIPE_SECRET_KEY to ask with; give one in the environment of `scholar up`';
    return { real: true, endpoints: undefined, error };
  }
  return gatherStripe({
    secretKey,
    apiUrl: desired.services['scholarship_api']?.app.settings['STRIPE_API_URL'],
  });
}
