import { verifyCanary } from '@scholar/contract';
import type { RegisterDeps } from './deps.ts';

/** Whether a token, unverified as it came, is that of a probe of now: what it causes is a simulation. */
export function isCanary(
  { canaryKey, clock }: Pick<RegisterDeps, 'canaryKey' | 'clock'>,
  token: string | undefined,
): boolean {
  return verifyCanary(token, canaryKey(), clock.now()) !== undefined;
}
