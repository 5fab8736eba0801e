import type { AppLabel, Environment, Running } from '@scholar/contract';
import type { ConservationView } from './conservation-view.ts';
import type { HubSnapshot } from './snapshot/hub.ts';
import type { LeftClaimView, SealedSecretView, ServiceView, SidecarView } from './snapshot/placement.ts';
import type { BuildView, DesiredProcessView, ProbeView, ProcessView } from './snapshot/process.ts';
import type { StripeSnapshot } from './snapshot/stripe.ts';

export type { HubSnapshot, ObservationView, PiiRefusals, RingKeyView } from './snapshot/hub.ts';
export type {
  DrainSeen,
  LeftClaimView,
  SealedSecretView,
  ServiceView,
  SidecarKind,
  SidecarView,
} from './snapshot/placement.ts';
export type {
  BuildView,
  ConfigView,
  DesiredProcessView,
  ProbeView,
  ProcessView,
  ReplicaView,
} from './snapshot/process.ts';
export type { StripeSnapshot, WebhookEndpointView } from './snapshot/stripe.ts';

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
