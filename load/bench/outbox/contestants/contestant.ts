import type { Protocol } from '../../job.ts';
import type { Running } from '../../launch.ts';

export type StartOptions = {
  /** An empty folder, or one that a killed process has left. */
  folder: string;
  /** Where it may deliver to; without it nobody listens there: accept only. */
  sinkPort?: number;
  /** Counts system calls into this file (strace). */
  traceFile?: string;
};

/** What is measured: ours, a peer, or a baseline. */
export interface Contestant {
  readonly name: ContestantName;
  /** For the tables. */
  readonly title: string;
  readonly protocol: Protocol;
  /** What it has promised when it answers (docs/BENCHMARKS.md). */
  readonly durability: 'D3' | 'none';
  /** Where the client of its protocol is loaded from. */
  readonly modules?: string;
  start(options: StartOptions): Promise<Running>;
  /** Every id that the store in `folder` holds after its process was killed and the store opened again. */
  storedIds(folder: string, expected: number): Promise<Set<string>>;
}

export type ContestantName = 'forwarder' | 'memory' | 'lmdb' | 'sqlite' | 'otel' | 'nats';
