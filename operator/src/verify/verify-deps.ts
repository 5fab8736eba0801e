import type { Clock } from '@scholar/runtime/clock';
import type { Ask } from '../gather/http-client.ts';
import type { Target } from '../target/target.ts';

export interface VerifyDeps {
  target: Target;
  ask: Ask;
  clock: Clock;
}
