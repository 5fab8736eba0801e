import type { AppLabel, Environment, RepairRecord, TruthTable } from '@scholar/contract';
import type { Remedy } from '../audit/remedy.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import type { Ask } from '../gather/http-client.ts';

/** Where a probe of one app's own path goes, and the secrets that it needs. */
export interface AppAddress {
  label: AppLabel;
  /** The app as its users reach it. */
  url: string;
  intake: string;
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
  };
  gather: () => Promise<Snapshot>;
  /** @returns what was changed, for the record. @throws Error when the remedy could not be applied. */
  apply: (remedy: Remedy) => Promise<string>;
  /** Reads rows straight out of A8's database, never through A8. */
  readRows: (eventIds: readonly string[]) => Promise<StoredRow[]>;
  recordVerdicts: (table: TruthTable) => Promise<void>;
  recordRepair: (record: RepairRecord) => Promise<void>;
  close: () => Promise<void>;
}

/** What a cluster answers to `apply`, and `fix` to its user, until the operator is there. */
export const NO_CLUSTER_REPAIRS =
  'Repairs of a cluster come with the operator (docs/ROADMAP.md). `scholar fix --dry-run --target cluster` shows what it would do.';
