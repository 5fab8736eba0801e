import { type Verification, verify } from './verify.ts';
import type { VerifyDeps } from './verify-deps.ts';

/**
 * The regular verification: one write per app. A red row is looked at once more, with enough writes for a P95 that one slow
 * moment does not decide.
 */
export async function verifyTwice(deps: VerifyDeps): Promise<Verification> {
  const first = await verify(deps, { samples: 1, simulations: false });
  return first.table.ok ? first : verify(deps, { samples: 20, simulations: false });
}
