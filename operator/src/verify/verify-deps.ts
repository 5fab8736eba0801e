import type { Clock } from '@scholar/runtime/clock';
import type { Ask } from '../gather/http-client.ts';
import type { Target } from '../target/target.ts';

export interface VerifyDeps {
  target: Target;
  ask: Ask;
  clock: Clock;
  /** Bound of the P95 of an app's writes, ms; the brief's 150 unless told. */
  writeBoundMs?: number;
}
