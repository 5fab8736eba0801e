import {
  APP_LABELS,
  type AppLabel,
  type DrillSummary,
  type Environment,
  type Heartbeat,
  HUB_LABEL,
  type RepairRecord,
  type TruthTable,
} from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import type { Operated } from '../evidence/operated.ts';
import type { Ask } from '../gather/http-client.ts';
import type { LedgerStore } from '../remedy/ledger.ts';
import type { RepairSession } from '../remedy/session.ts';
import type { AskControl } from './replay.ts';

/** Where a probe of one app's own path goes, and the secrets that it needs. */
export interface AppAddress {
  label: AppLabel;
  /** The app as its users reach it. */
  url: string;
  intake: string;
  /** Its ops listener. */
  ops: string;
}

/** A8 as this machine reaches it, and a key with which it takes events of one app. */
export interface Emission {
  hubUrl: string;
  key: string;
}

/** A row as A8's database holds it. */
export interface StoredRow {
  event_id: string;
  app_label: string;
  event_type: string;
  received_at: string;
  request_id: string;
  deliveries: number;
  simulated: boolean;
}

/** What A8's database holds of requests that were sent to it: rows by event id, refusals by canary id. */
export interface Traces {
  rows: TracedRow[];
  refusals: TracedRefusal[];
}

export interface TracedRow {
  event_id: string;
  canary_id: string | null;
  simulated: boolean;
  deliveries: number;
  /** SHA-256 over every column but `deliveries`: equal = the row is as it was. */
  rest: string;
}

/** A row of `rejected_events`. */
export interface TracedRefusal {
  canary_id: string;
  code: string;
}

/** What an order needs that is no repair. */
export interface Orders {
  /** Of A8's ring, role `operations`. */
  operationsKey: string;
  /** The control routes of every forwarder of an app; close them afterwards. @throws Error when none runs or takes orders. */
  forwardersOf: (
    label: AppLabel,
  ) => Promise<{ forwarders: readonly AskControl[]; close: () => Promise<void> }>;
}

/**
 * A system that can be looked at and repaired: this machine, or a Kubernetes cluster.
 * Everything that a verb needs goes through here, so that audit, fix and verify are the same for both.
 */
export interface Target {
  kind: 'local' | 'cluster';
  environment: Environment;
  hubUrl: string;
  /** Asks addresses as the system itself knows them; those of a cluster go through port-forwards. */
  ask: Ask;
  apps: readonly AppAddress[];
  secrets: {
    /** Reads A8's read API. */
    readKey: string;
    canaryKey: string;
    /** Signs A6's canary webhook; undefined when there is none to be had. */
    stripeWebhookSecret: string | undefined;
    /** The desired A8_KEY of each app that has one; the guards of A8 are tried with it. */
    emitKeys: Readonly<Partial<Record<AppLabel, string>>>;
  };
  gather: () => Promise<Snapshot>;
  /** Findings as they are, but with advice in the place of remedies that this target cannot carry. */
  place: (judged: readonly Judged[]) => Promise<Judged[]>;
  /** Who repairs which app, and how often it was tried. */
  ledger: LedgerStore;
  /** Changes nothing of the app yet. @throws RepairRefused when the app may not be touched now. */
  beginRepair: (label: ServedLabel) => Promise<RepairSession>;
  /** How an event of this label may be sent from this machine. @throws CouldNotLook when there is no such way, or no key. */
  emission: (label: AppLabel) => Promise<Emission>;
  /** The last outage drill, where this target keeps one. */
  lastDrill?: () => Promise<DrillSummary | undefined>;
  /** What was done to it lately and what it tells of itself, for the pages of evidence; where this target keeps it. */
  operated?: () => Promise<Operated>;
  /** Where this target takes orders that are no repairs. */
  orders?: Orders;
  /** Reads rows straight out of A8's database, never through A8. */
  readRows: (eventIds: readonly string[]) => Promise<StoredRow[]>;
  /** Reads the traces of the last minutes in the same way. */
  readTraces: (of: { eventIds: readonly string[]; canaryIds: readonly string[] }) => Promise<Traces>;
  recordVerdicts: (table: TruthTable) => Promise<void>;
  recordRepair: (record: RepairRecord) => Promise<void>;
  /** Somebody looks, and will look again within the period; A8 calls the table unknown after two without. */
  recordHeartbeat: (heartbeat: Heartbeat) => Promise<void>;
  close: () => Promise<void>;
}

/** What a repair may touch, and what counts against the limits of all. */
export const REPAIRED_LABELS: readonly ServedLabel[] = [HUB_LABEL, ...APP_LABELS, 'stripe_sandbox'];
