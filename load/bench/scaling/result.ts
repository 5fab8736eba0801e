import type { Costs, Prediction, Scenario } from './simulate.ts';

/** What one round saw. An event is one acknowledged `POST /events`, and one new row. */
export type Round = {
  eventsPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** CPU an event, microseconds: A8 (all replicas), of it the event loops alone, PostgreSQL, and our senders. */
  hubCpuUs: number;
  hubLoopUs: number;
  postgresCpuUs: number;
  senderCpuUs: number;
  walBytes: number;
  /** Of these, whole pages after a checkpoint. */
  fullPageBytes: number;
  rowsPerCommit: number;
  rowsBefore: number;
  /** Over so many rows the WAL was counted: the warm-up is among them. */
  rowsSinceCheckpoint: number;
  /** Share of the machine's CPU that neither we nor the kernel's interrupts used: what disturbed the round. */
  foreignCpu: number;
  /** Share that the kernel's interrupts used, the loopback network above all. */
  interruptCpu: number;
  /** Share of the machine's CPU that was used at all. */
  busyCpu: number;
};

export type RoundKey = keyof Round;

/** `senders` forwarders with `window` requests in flight each, over so many replicas; rows in the table at the start. */
export type Cell = { name: string; senders: number; window: number; replicas: number; prefilled: boolean };

export type MeasuredCell = Cell & {
  rounds: number;
  kept: number;
  median: Round;
  deviation: Round;
};

export type Sizes = {
  rows: number;
  heapBytes: number;
  primaryKeyBytes: number;
  cursorIndexBytes: number;
  timeIndexBytes: number;
  /** Visibility and free space maps, TOAST. */
  otherBytes: number;
};

export type Wire = { bodyBytes: number; requestBytes: number; answerBytes: number; toDatabaseBytes: number };

export type Statement = { rows: number; medianUs: number; cpuUs: number; executions: number };

export type Comparison = { cell: string; measured: Measured; predicted: Prediction };
export type Measured = Pick<Round, 'eventsPerSecond' | 'p50Ms' | 'p95Ms' | 'rowsPerCommit'>;

export type Played = { name: string; scenario: Scenario; prediction: Prediction };

/** load/bench/results/scaling.json */
export type ScalingResult = {
  format: 1;
  at: string;
  machine: { cores: number; model: string; memoryGb: number; node: string; postgres: string };
  /** Load before the first round, and whether the command called the machine busy. */
  disturbance: { foreignCpuBefore: number; medianOfKept: number; busy: boolean };
  rule: string;
  cells: MeasuredCell[];
  sizes: { afterPrefill: Sizes; atEnd: Sizes };
  wire: Wire;
  statements: Statement[];
  costs: Costs;
  comparisons: Comparison[];
  replicas: Played[];
  stalls: Played[];
};
