import { verifyCanary } from '@scholar/contract';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Pool } from 'pg';
import { type AccountAnswer, judgeAccountAnswer } from './judge-answer.ts';
import { type PendingLink, postponeLink, type Settlement, settleLink } from './link-store.ts';

const BACKOFF = { baseMs: 1_000, capMs: 60_000 };

/** Asks scholar_auth for the account of an address. Never throws. */
export type AskForAccount = (request: {
  email: string;
  canaryToken: string | undefined;
  timeoutMs: number;
}) => Promise<AccountAnswer>;

export type LinkOutcome = 'linked' | 'refused' | 'expired' | 'pending';

export interface AccountLinker {
  /** One attempt for one claimed link; the outcome is in the table before it is returned. Throws on database errors. */
  attempt(link: PendingLink, timeoutMs: number): Promise<LinkOutcome>;
}

export function createAccountLinker(deps: {
  pool: Pool;
  clock: Clock;
  random: () => number;
  canaryKey: () => string | undefined;
  ask: AskForAccount;
}): AccountLinker {
  const { pool, clock } = deps;

  async function settle(leadId: string, settlement: Settlement): Promise<LinkOutcome> {
    await settleLink(pool, { leadId, settlement, at: new Date(clock.now()) });
    return settlement.state;
  }

  return {
    async attempt({ leadId, email, simulated, canaryToken, attempts }, timeoutMs) {
      // Without a valid token scholar_auth would take a canary for a person and count a real NewUser.
      if (simulated && !verifyCanary(canaryToken ?? undefined, deps.canaryKey(), clock.now())) {
        return settle(leadId, { state: 'expired', problem: 'canary_token_expired' });
      }
      const verdict = judgeAccountAnswer(
        await deps.ask({ email, canaryToken: canaryToken ?? undefined, timeoutMs }),
      );
      if (verdict.kind === 'linked') return settle(leadId, { state: 'linked', userId: verdict.userId });
      if (verdict.kind === 'refused') return settle(leadId, { state: 'refused', problem: verdict.problem });
      const wait = fullJitter({ attempt: attempts - 1, random: deps.random, ...BACKOFF });
      await postponeLink(pool, { leadId, problem: verdict.problem, until: new Date(clock.now() + wait) });
      return 'pending';
    },
  };
}
