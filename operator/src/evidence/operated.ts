import type { RepairRecord, TruthTable } from '@scholar/contract';
import type { TruthTableSpec } from '../crd/spec.ts';
import type { TruthTableStatus } from '../crd/status.ts';

/** A row of A8's table `repairs`. */
export interface KeptRepair {
  id: string;
  /** By the clock of A8's database, ISO-8601, as every `receivedAt` here. */
  receivedAt: string;
  record: RepairRecord;
}

/** A row of A8's table `verdicts` without its document. */
export interface VerdictMark {
  id: string;
  receivedAt: string;
  ok: boolean;
  /** Rows of it that are green. */
  green: number;
}

export type KeptVerdict = VerdictMark & { table: TruthTable };

/** What A8 keeps of those who look after the system, read from its database and not through A8. */
export interface OperationsHistory {
  /** Of the last hours, oldest first; the newest `most` of them. */
  repairs: (of: { hours: number; most: number }) => Promise<KeptRepair[]>;
  /** Since an instant, oldest first. */
  marks: (since: string) => Promise<VerdictMark[]>;
  /** undefined when it is gone. */
  verdict: (id: string) => Promise<TruthTable | undefined>;
}

/** A TruthTable of the namespace, as the API server has it. */
export interface TableTold {
  name: string;
  spec: Pick<TruthTableSpec, 'remedy' | 'canaryInterval' | 'latencyBound'>;
  status: TruthTableStatus;
}

/** What the cluster tells of itself, whatever installed scholar there. */
export interface ClusterTold {
  namespace: string;
  /** Version of the API server. */
  server: string;
  /** Images of running containers, by how many of them. */
  images: { image: string; id: string; containers: number }[];
  /** undefined where they may not be listed, or the cluster has no such kind. */
  tables: TableTold[] | undefined;
}

/** What was done to a system lately, and what it looked like before and after. */
export interface Operated {
  cluster: ClusterTold;
  repairs: KeptRepair[];
  /** The truth table of before the repairs, and the first one that was all green after them. */
  broken: KeptVerdict | undefined;
  healed: KeptVerdict | undefined;
}
