import { APP_LABELS, type AppLabel, type BuildStamp, keyFingerprint, type Running } from '@scholar/contract';
import type {
  AppSnapshot,
  BuildView,
  DesiredProcessView,
  HubSnapshot,
  ProbeView,
  ProcessView,
  ReplicaView,
  SandboxSnapshot,
  Snapshot,
} from '../snapshot.ts';

const HUB_URL = 'http://127.0.0.1:4108';
/** What everything in these systems was built from. */
export const STAMP: BuildStamp = {
  version: '0.1.0',
  commit: '1'.repeat(40),
  committed_at: '2026-11-20T12:00:00.000Z',
  digest: '1'.repeat(64),
};

const RUNS: ProcessView = { state: 'running', restarts: 0, lastExit: null, lastLines: [] };

/** A system in which nothing is wrong; tests change one thing and see what is named. */
export function healthySnapshot(): Snapshot {
  return {
    at: '2026-11-24T12:00:00.000Z',
    target: 'local',
    environment: 'staging',
    database: { ...RUNS },
    sandbox: healthySandbox(),
    hub: healthyHub(),
    apps: APP_LABELS.map(healthyApp),
    stripe: {
      real: false,
      error: undefined,
      endpoints: [
        {
          id: 'we_1',
          url: 'http://127.0.0.1:4106/webhooks/stripe',
          status: 'enabled',
          events: ['*'],
          livemode: false,
          apiVersion: null,
          wantedApiVersion: '2026-10-28.endive',
        },
      ],
    },
    lost: [],
    simulated: undefined,
    sealed: undefined,
  };
}

/** The same system in a cluster: each app is one pod with its forwarder as a native sidecar on a claim. */
export function healthyCluster(): Snapshot {
  const snapshot = healthySnapshot();
  const image = 'scholar:0.1.0';
  const settings = 'settings-1';
  const build = (pod: string): BuildView => ({
    version: '0.1.0',
    image,
    settings,
    moving: false,
    replicas: [{ ...replica(pod), image, imageId: 'sha256:1', settings }],
  });
  for (const app of snapshot.apps) {
    const pod = `${app.label.replaceAll('_', '-')}-0`;
    app.build = build(pod);
    app.forwarder.build = build(pod);
    app.service = { name: pod.slice(0, -2), selected: [pod], strangers: [], readyPods: [pod] };
    app.forwarder.sidecar = { template: 'native', pod: 'native', volume: 'claim', lateSeconds: 0 };
  }
  const hub = { selected: ['a8-0'], strangers: [], readyPods: ['a8-0'] };
  snapshot.hub.service = { name: 'auto-com-center', ...hub };
  snapshot.hub.build = build('a8-0');
  snapshot.operator = build('scholar-operator-0');
  if (snapshot.sandbox !== undefined) snapshot.sandbox.build = build('stripe-sandbox-0');
  return Object.assign(snapshot, { target: 'cluster', sealed: [] });
}

/** @returns the snapshot's app, to be changed in place. @throws Error when there is none. */
export function appOf(snapshot: Snapshot, label: AppLabel): AppSnapshot {
  const app = snapshot.apps.find((each) => each.label === label);
  if (app === undefined) throw new Error(`no ${label} in the snapshot`);
  return app;
}

/** @returns what a process says of itself, to be changed in place. @throws Error when it does not answer. */
export function told(running: Running | undefined): Running {
  if (running === undefined) throw new Error('the process does not answer');
  return running;
}

function localBuild(name: string): BuildView {
  const replicas = [{ ...replica(name), image: '', imageId: '', settings: undefined }];
  return { version: '0.1.0', image: undefined, settings: undefined, wanted: STAMP, moving: false, replicas };
}

/** Made yesterday, from what everything was made from, with the settings that it is meant to have. */
function replica(pod: string): Omit<ReplicaView, 'image' | 'imageId' | 'settings'> {
  return {
    pod,
    speaks: true,
    madeAt: '2026-11-23T12:00:00.000Z',
    configHash: undefined,
    build: { ...STAMP },
    config: { told: 'cccccccccccc', wanted: 'cccccccccccc', differing: [] },
  };
}

function healthyHub(): HubSnapshot {
  const desired: DesiredProcessView = {
    settings: { PORT: '4108' },
    secrets: { DATABASE_URL: fingerprint('db') },
    deviating: [],
  };
  return {
    url: HUB_URL,
    process: { ...RUNS },
    desired,
    health: answered(`${HUB_URL}/health`),
    ready: answered(`${HUB_URL}/ready`),
    running: running('auto_com_center', 'hub', desired),
    ring: APP_LABELS.map((label) => ({
      id: label,
      fingerprint: fingerprint(label),
      labels: [label],
      role: 'emit',
      notAfter: null,
    })),
    observations: Object.fromEntries(APP_LABELS.map((label) => [label, quietObservation()])),
    piiRefusals: {},
    service: undefined,
    clockAheadMs: 0,
    build: localBuild('auto_com_center'),
  };
}

function healthySandbox(): SandboxSnapshot {
  const desired: DesiredProcessView = {
    settings: { PORT: '4109', SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:4106/webhooks/stripe' },
    secrets: { SANDBOX_WEBHOOK_SECRET: fingerprint('webhook') },
    deviating: [],
  };
  return {
    process: { ...RUNS },
    desired,
    health: answered('http://127.0.0.1:4109/health'),
    running: running('stripe_sandbox', 'sandbox', desired),
    build: localBuild('stripe_sandbox'),
  };
}

function healthyApp(label: AppLabel): AppSnapshot {
  const app: DesiredProcessView = {
    settings: {
      EMIT_MODE: 'forwarder',
      A8_URL: HUB_URL,
      LOG_LEVEL: 'info',
      A6_PUBLIC_URL: 'http://127.0.0.1:4106',
    },
    secrets: { A8_KEY: fingerprint(label), STRIPE_SECRET_KEY: fingerprint('stripe') },
    deviating: [],
  };
  const forwarder: DesiredProcessView = {
    settings: { A8_URL: HUB_URL, APP_LABEL: label },
    secrets: { A8_KEY: fingerprint(label) },
    deviating: [],
  };
  return {
    label,
    process: { ...RUNS },
    desired: app,
    health: answered('http://127.0.0.1:4101/health'),
    ready: answered('http://127.0.0.1:4101/ready'),
    running: running(label, 'app', app),
    forwarder: {
      process: { ...RUNS },
      desired: forwarder,
      running: running(label, 'forwarder', forwarder),
      status: {
        state: 'idle',
        hold: null,
        depth: 0,
        oldestAgeSeconds: null,
        dead: { contract: 0, system: 0 },
        quarantined: 0,
        refusedPii: 0,
      },
      givenKey: fingerprint(label),
      sidecar: undefined,
      clockAheadMs: 0,
      build: localBuild(`${label}-forwarder`),
    },
    minimumEventsPerHour: 0,
    uptimeSeconds: 3_600,
    counted: { handedOver: 0, onConsole: 0 },
    service: undefined,
    clockAheadMs: 0,
    build: localBuild(label),
  };
}

function running(label: string, role: Running['role'], desired: DesiredProcessView): Running {
  const settings: Running['settings'] = {};
  for (const [key, value] of Object.entries(desired.settings))
    settings[key] = { set: true, source: 'env', value };
  for (const [key, value] of Object.entries(desired.secrets)) {
    settings[key] = { set: true, source: 'file', ...(value === undefined ? {} : { fingerprint: value }) };
  }
  return {
    label,
    role,
    version: '0.1.0',
    protocol: 'v3.5.1',
    pid: 1,
    started_at: '2026-11-24T11:00:00.000Z',
    environment: 'staging',
    endpoint: role === 'app' ? 'http://127.0.0.1:4121/events' : `${HUB_URL}/events`,
    emit_mode: role === 'app' ? 'forwarder' : null,
    event_names: role === 'app' ? 'v3.5.1' : null,
    sends_authorization: role === 'app' ? null : true,
    config_hash: '0123456789ab',
    settings,
    missing: [],
  };
}

/** @returns a fingerprint as a process would report it for a key of this text. */
export function fingerprint(text: string): string {
  return keyFingerprint(`a key for tests: ${text}`);
}

function answered(url: string): ProbeView {
  return { url, status: 200, detail: '' };
}

function quietObservation() {
  return {
    lastEventAt: null,
    eventsLastHour: 0,
    p95WriteMs: null,
    legacyEndpointHits: 0,
    legacyAliasEvents: 0,
    rejectedLastHour: 0,
    lastLegacyAt: null,
  };
}
