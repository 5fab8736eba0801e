import type { AppLabel, Running } from '@scholar/contract';
import type { ServiceView } from './placement.ts';
import type { BuildView, DesiredProcessView, ProbeView, ProcessView } from './process.ts';

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

export interface PiiRefusals {
  count: number;
  /** Where in the event it was (JSON pointers), never what. */
  pointers: string[];
  lastAt: string;
}
