import type { AppLabel, Environment, Running } from '@scholar/contract';

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
}

export interface SandboxSnapshot {
  process: ProcessView;
  desired: DesiredProcessView;
  /** Its public door; undefined where it was not asked. */
  health: ProbeView | undefined;
  /** undefined = it did not answer, or it was not asked. */
  running: Running | undefined;
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
}

/** The forwarder's own /status, as far as checks need it. */
export interface ForwarderStatusView {
  state: string;
  hold: { reason: string; detail: string; since: string } | null;
  depth: number;
  oldestAgeSeconds: number | null;
  dead: { contract: number; system: number };
  quarantined: number;
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
}

export interface StripeSnapshot {
  real: boolean;
  /** undefined = Stripe could not be asked; `error` says why. */
  endpoints: { id: string; url: string; status: string; events: string[]; livemode: boolean }[] | undefined;
  error: string | undefined;
  /** Where a sandbox reaches A6 by another way than A6_PUBLIC_URL, which is for browsers. */
  a6Url?: string | undefined;
}
