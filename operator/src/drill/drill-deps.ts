import type { AppLabel, Environment } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Ask } from '../gather/http-client.ts';
import type { StoredRow } from '../target/target.ts';
import type { ForwarderProgram, Spawn } from './forwarder-process.ts';

/** Everything that a drill touches. */
export interface DrillDeps {
  spawn: Spawn;
  clock: Clock;
  /** Asks the drill's own forwarder, on loopback. */
  ask: Ask;
  program: ForwarderProgram;
  /** Further settings of the forwarder, for instance a shorter RETRY_CAP; its own defaults otherwise. */
  settings?: Readonly<Record<string, string>>;
  environment: Environment;
  /** A8 as this machine reaches it. */
  hubUrl: string;
  /** A key with which A8 takes events of the label. */
  key: string;
  canaryKey: string;
  /** Reads rows straight out of A8's database. */
  readRows: (eventIds: readonly string[]) => Promise<StoredRow[]>;
}

export interface DrillOptions {
  /** Events that are queued before the kill, 1 to 2,000. */
  events: number;
  label: AppLabel;
  /** Ends the drill early; what it started is ended and its folder removed all the same. */
  signal: AbortSignal;
  /** Told when a step begins. */
  onStep?: (name: string) => void;
  /** Longest wait for the delivery after the outage, ms; two minutes unless told. */
  deliveryMs?: number;
}
