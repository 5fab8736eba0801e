import type { AppLabel, BuildStamp, Environment, Running } from '@scholar/contract';
import type { ConservationView } from './conservation-view.ts';
import type { ServedLabel } from './remedy.ts';

/**
 * What an audit judges: everything that was seen of one system at one moment, and what was wanted of it.
 * Gathered by a Target, judged by pure checks, never fetched by them.
 */
export interface Snapshot {
  at: string;
  target: 'local' | 'cluster';
  environment: Environment;
  /** The server that A8 and the services store in, where the target runs it; undefined where it is the user's own. */
  database: ProcessView | undefined;
  /** The trial system's own Stripe; undefined where there is none. */
  sandbox: SandboxSnapshot | undefined;
  hub: HubSnapshot;
  apps: AppSnapshot[];
  /** undefined where no Stripe key is wanted at all. */
  stripe: StripeSnapshot | undefined;
  /** Events that an earlier truth table proved and whose rows are gone or changed; undefined = the database could not be asked. */
  lost: LostEvidence[] | undefined;
  /** Simulated rows of the last day that no canary token vouches for; undefined = nobody asked: it matters in production. */
  simulated: SimulatedRows[] | undefined;
  /** What the operator's own pods are made of; undefined where there is none. */
  operator?: BuildView | undefined;
  /** undefined = there is no such kind, or it may not be read. */
  sealed: SealedSecretView[] | undefined;
}

export interface SimulatedRows {
  label: AppLabel;
  count: number;
  lastAt: string;
}

/** A SealedSecret as its controller reports of it. */
export interface SealedSecretView {
  name: string;
  label: ServedLabel;
  /** undefined = its controller has not said anything yet. */
  synced: boolean | undefined;
  message: string;
  /** False while the controller speaks of an older generation than the present one. */
  current: boolean;
}

export interface SandboxSnapshot {
  process: ProcessView;
  desired: DesiredProcessView;
  /** Its public door; undefined where it was not asked. */
  health: ProbeView | undefined;
  /** undefined = it did not answer, or it was not asked. */
  running: Running | undefined;
  build: BuildView | undefined;
}

/** A row that was read back once, and is gone or holds something else now. */
export interface LostEvidence {
  what: 'gone' | 'changed';
  label: AppLabel;
  event_id: string;
  seen_at: string;
}

/** How one process is wanted to run: plain settings by value, secrets by fingerprint (12 hex). */
export interface DesiredProcessView {
  settings: Record<string, string>;
  /** undefined = the desired secret itself is missing. */
  secrets: Record<string, string | undefined>;
  /** Keys that the target itself knows to be configured otherwise; all there is to go by when a process does not answer. */
  deviating: string[];
}

export interface ProcessView {
  state: 'running' | 'starting' | 'stopped' | 'crashing' | 'unknown';
  restarts: number;
  /** Why it ended the last time, e.g. "signal SIGKILL". */
  lastExit: string | null;
  /** The last lines of its log; only gathered for a process that does not run. */
  lastLines: string[];
}

/** What a process should have been built and configured from, against what its replicas were. */
export interface BuildView {
  /** Of the release that is wanted; undefined = the target cannot tell. */
  version: string | undefined;
  /** Image and checksum of the settings in the present pod template; undefined where there are no pods. */
  image: string | undefined;
  settings: string | undefined;
  /** What everything is to be built from; undefined in a cluster, where only the others of the release can tell. */
  wanted?: BuildStamp | undefined;
  /** True while its pods are being exchanged: what differs then is on its way, and not a finding. */
  moving: boolean;
  replicas: ReplicaView[];
}

export interface ReplicaView {
  /** Its pod; on a machine the name of the process. */
  pod: string;
  /** True for the one whose answers are those of the process in this snapshot. */
  speaks: boolean;
  /** When the pod was made, or the process was started; undefined = nobody tells. */
  madeAt: string | undefined;
  image: string;
  /** As the container runtime tells it, with the digest; empty = nothing was pulled yet. */
  imageId: string;
  /** Checksum of the settings in the template that the pod was made from. */
  settings: string | undefined;
  /** What the process itself calculated at its start; undefined = it did not answer. */
  configHash: string | undefined;
  /** What it was built from; undefined = it did not answer, or its release does not tell. */
  build: BuildStamp | undefined;
  /** As `build`. */
  config: ConfigView | undefined;
}

/** The settings that an environment gave to a process, against those that it would be given now. */
export interface ConfigView {
  /** Hashes of 12 hex; equal exactly when the settings are. */
  told: string;
  wanted: string;
  /** Names of the settings that differ. */
  differing: string[];
}

/** Where a forwarder stands beside its app; only a cluster has the choice. */
export interface SidecarView {
  template: SidecarKind;
  /** Of the pod that runs; undefined = there is none. */
  pod: SidecarKind | undefined;
  /** What its outbox lies on: `container` is the layer that goes with each restart. undefined = no pod to look at. */
  volume: 'claim' | 'emptyDir' | 'container' | 'other' | undefined;
  /** Seconds that the app ran before it; 0 when it was first, null where one of them was restarted since. */
  lateSeconds: number | null;
}

export type SidecarKind = 'native' | 'container' | 'absent';

/** What a Service of a cluster leads to. */
export interface ServiceView {
  name: string;
  /** Running pods that it selects. */
  selected: string[];
  /** Those of them that are no pods of the app. */
  strangers: string[];
  /** Ready pods of the app: with none of these the Service is not to blame. */
  readyPods: string[];
}

/** One HTTP question and what came of it. */
export interface ProbeView {
  url: string;
  /** HTTP status; null = no answer. */
  status: number | null;
  /** The failing checks of /ready, or the reason of no answer. */
  detail: string;
}

export interface ForwarderView {
  process: ProcessView;
  desired: DesiredProcessView;
  /** What the process says it runs with; undefined = it did not answer. */
  running: Running | undefined;
  status: ForwarderStatusView | undefined;
  /** Fingerprint of the key where the process gets it from: file or variable of the pod that runs. null = nothing is there. */
  givenKey: string | null | undefined;
  /** undefined on a machine, where a forwarder is a process of its own. */
  sidecar: SidecarView | undefined;
  clockAheadMs: number | undefined;
  build: BuildView | undefined;
}

/** The forwarder's own /status, as far as checks need it. */
export interface ForwarderStatusView {
  state: string;
  hold: { reason: string; detail: string; since: string } | null;
  depth: number;
  oldestAgeSeconds: number | null;
  dead: { contract: number; system: number };
  quarantined: number;
  /** Events of the last hour that it refused because they hold personal data, canaries aside; undefined = it does not tell. */
  refusedPii: number | undefined;
}

/** A claim that a scale-down left: its replica is gone, so nobody sends what lies on it. */
export interface LeftClaimView {
  namespace: string;
  claim: string;
  /** The pod that would mount it. */
  pod: string;
  createdAt: string;
  /** True while the pod of a drain that was killed keeps the StatefulSet from making the replica. */
  standing: boolean;
  /** How many pods the app is meant to have; of one with none nothing can be proven. */
  replicas: number;
  /** Since the workload was last changed; undefined = nobody has looked into it since. */
  drained: DrainSeen | undefined;
}

/** What a drain saw on a claim. */
export interface DrainSeen {
  at: string;
  /** Acknowledged events that no A8 had confirmed when it began. */
  found: number;
  /** Those that it had not delivered when it ended. */
  left: number;
  /** Dead letters and damaged records: they stay on the claim, and are a person's. */
  dead: number;
  quarantined: number;
  /** Why it left some; empty when it did not. */
  why: string;
}

export interface AppSnapshot {
  label: AppLabel;
  process: ProcessView;
  desired: DesiredProcessView;
  health: ProbeView;
  ready: ProbeView;
  running: Running | undefined;
  forwarder: ForwarderView;
  minimumEventsPerHour: number;
  /** Seconds since the process started; null when it does not run. */
  uptimeSeconds: number | null;
  /** Its own counters since its start. */
  counted: { handedOver: number; onConsole: number } | undefined;
  /** undefined on a machine, and for a Service that selects no pods by itself. */
  service: ServiceView | undefined;
  /** undefined on a machine, where one forwarder a label always runs, and where claims may not be listed. */
  leftClaims?: readonly LeftClaimView[] | undefined;
  /** One for each forwarder that could be compared with A8. */
  conservation?: readonly ConservationView[] | undefined;
  /** Its clock less the one of whoever audits, in ms. */
  clockAheadMs: number | undefined;
  build: BuildView | undefined;
}

export interface RingKeyView {
  id: string;
  /** Null where the ring's entry leaves it open and A8 has not seen the key yet. */
  fingerprint: string | null;
  labels: readonly string[];
  role: string;
  notAfter: string | null;
  /** Of the key, in hex. */
  sha256?: string;
}

/** What A8 has seen of one app. */
export interface ObservationView {
  lastEventAt: string | null;
  eventsLastHour: number;
  p95WriteMs: number | null;
  legacyEndpointHits: number;
  legacyAliasEvents: number;
  rejectedLastHour: number;
  /** When A8 last saw a legacy name or endpoint under this label. */
  lastLegacyAt: string | null;
}

export interface HubSnapshot {
  url: string;
  process: ProcessView;
  desired: DesiredProcessView;
  health: ProbeView;
  ready: ProbeView;
  running: Running | undefined;
  ring: RingKeyView[];
  /** SHA-256 of the keys that the target itself can read, by fingerprint: tells which entry is whose without a fingerprint. */
  digests?: Readonly<Record<string, string>>;
  observations: Partial<Record<AppLabel, ObservationView>> | undefined;
  /** Events of the last hour that A8 refused because they hold personal data, canaries aside. */
  piiRefusals: Partial<Record<AppLabel, PiiRefusals>> | undefined;
  /** As of an app. */
  service: ServiceView | undefined;
  clockAheadMs: number | undefined;
  build: BuildView | undefined;
}

export interface PiiRefusals {
  count: number;
  /** Where in the event it was (JSON pointers), never what. */
  pointers: string[];
  lastAt: string;
}

/** A webhook endpoint as Stripe lists it. */
export interface WebhookEndpointView {
  id: string;
  url: string;
  status: string;
  events: string[];
  livemode: boolean;
  /** null = the version of the account, which Stripe does not tell here. */
  apiVersion: string | null;
  /** The one that the SDK is built for. */
  wantedApiVersion: string;
}

export interface StripeSnapshot {
  real: boolean;
  /** undefined = Stripe could not be asked; `error` says why. */
  endpoints: WebhookEndpointView[] | undefined;
  error: string | undefined;
  /** Where a sandbox reaches A6 by another way than A6_PUBLIC_URL, which is for browsers. */
  a6Url?: string | undefined;
}
