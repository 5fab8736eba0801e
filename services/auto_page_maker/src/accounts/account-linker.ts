import { verifyCanary } from '@scholar/contract';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Pool } from 'pg';
import { type AccountAnswer, judgeAccountAnswer } from './judge-answer.ts';
import { type PendingLink, postponeLink, type Settlement, settleLink } from './link-store.ts';

/** After an attempt without an answer, requests do not wait for scholar_auth for this long; the worker still tries. */
const PAUSE_MS = 5_000;
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
  /** False for a few seconds after scholar_auth did not answer: a visitor should not wait for what just failed. */
  worthTrying(): boolean;
}

export function createAccountLinker(deps: {
  pool: Pool;
  clock: Clock;
  random: () => number;
  canaryKey: () => string | undefined;
  ask: AskForAccount;
  onOutcome: (outcome: LinkOutcome) => void;
}): AccountLinker {
  const { pool, clock } = deps;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  async function settle(leadId: string, settlement: Settlement): Promise<LinkOutcome> {
    await settleLink(pool, { leadId, settlement, at: new Date(clock.now()) });
    deps.onOutcome(settlement.state);
    return settlement.state;
  }

  return {
    worthTrying: () => clock.monotonic() >= pausedUntil,
    async attempt({ leadId, email, simulated, canaryToken, attempts }, timeoutMs) {
      // Without a valid token scholar_auth would take a canary for a person and count a real NewUser.
      if (simulated && !verifyCanary(canaryToken ?? undefined, deps.canaryKey(), clock.now())) {
        return settle(leadId, { state: 'expired', problem: 'canary_token_expired' });
      }
      const answer = await deps.ask({ email, canaryToken: canaryToken ?? undefined, timeoutMs });
      pausedUntil = answer.kind === 'silence' ? clock.monotonic() + PAUSE_MS : Number.NEGATIVE_INFINITY;
      const verdict = judgeAccountAnswer(answer);
      if (verdict.kind === 'linked') return settle(leadId, { state: 'linked', userId: verdict.userId });
      if (verdict.kind === 'refused') return settle(leadId, { state: 'refused', problem: verdict.problem });
      const wait = fullJitter({ attempt: attempts - 1, random: deps.random, ...BACKOFF });
      await postponeLink(pool, { leadId, problem: verdict.problem, until: new Date(clock.now() + wait) });
      deps.onOutcome('pending');
      return 'pending';
    },
  };
}
