import { SYSTEM } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Usage } from '../llm/read-completion.ts';
import { costOf, type Prices, type Spending } from './prices.ts';
import { correct, type Limit, rowOf, SERVICE, spend, spentOn } from './spending-store.ts';

/** Leave to ask the model once, or whose budget of the day is spent. */
export type Grant =
  | {
      granted: true;
      /** Corrects what was set aside to what it was. Never rejects; without it what was set aside counts as spent. */
      settle: (usage: Usage) => Promise<void>;
    }
  | { granted: false; spent: 'user' | 'service' };

/** @throws what the driver throws while the database is away. */
export type Reserve = (userId: string, atMost: Usage) => Promise<Grant>;

export type Budget = {
  reserve: Reserve;
  /** Looks at what all replicas together have spent today; for `state`. */
  look(): Promise<void>;
  /** As of the last look or refusal: the share of the service's budget that is gone, 0 to 1. */
  state(): { day: string; usedRatio: number; spent: boolean };
};

export type BudgetLimits = { user: Limit; service: Limit };

/** Thrown inside of the transaction, so that nothing of it stays. */
class Spent extends Error {
  readonly of: 'user' | 'service';

  constructor(of: 'user' | 'service') {
    super('the budget of the day is spent');
    this.of = of;
  }
}

/**
 * The budget of the model: per person and for the service, per day (UTC). It is in PostgreSQL, since replicas share it.
 * What a question may cost at most is set aside before the model is asked, and corrected afterwards: however many are
 * asked at once, the bound holds.
 */
export function createBudget(
  deps: Pick<ServiceDeps, 'pool' | 'withTransaction'> & {
    clock: Clock;
    prices: Prices;
    limits: BudgetLimits;
    onSpent: (of: 'user' | 'service') => void;
  },
): Budget {
  const { pool, prices, limits, clock } = deps;
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  let seen = { day: today(), usedRatio: 0, spent: false };
  /** What did not fit any more, the day it was. */
  let refused: { day: string; spending: Spending } | undefined;

  const note = (day: string, spent: Spending): void => {
    const next = refused?.day === day ? refused.spending : ONE_TOKEN;
    seen = {
      day,
      usedRatio: ratioOf(spent, limits.service),
      // What was set aside for questions under way comes back in part: then the same question fits again.
      spent: isFull(spent, next, limits.service),
    };
  };

  async function setAside(day: string, spenders: readonly string[], spending: Spending): Promise<void> {
    await deps.withTransaction(async (tx) => {
      // The person first: the row of the service, for which everybody waits, is locked for as short as can be.
      for (const spender of spenders) {
        const of = spender === SERVICE ? 'service' : 'user';
        const spent = await spend(tx, { day, spender, spending, limit: limits[of] });
        if (spent === undefined) throw new Spent(of);
      }
    });
  }

  return {
    async reserve(userId, atMost) {
      const day = today();
      // A service that names nobody has no budget of its own; that of all holds.
      const spenders = userId === SYSTEM ? [SERVICE] : [rowOf(userId), SERVICE];
      const aside = costOf(atMost, prices);
      try {
        await setAside(day, spenders, aside);
      } catch (error) {
        if (!(error instanceof Spent)) throw error;
        if (error.of === 'service') {
          refused = { day, spending: aside };
          seen = { day, usedRatio: seen.day === day ? seen.usedRatio : 0, spent: true };
        }
        deps.onSpent(error.of);
        return { granted: false, spent: error.of };
      }
      return {
        granted: true,
        async settle(usage) {
          const was = costOf(usage, prices);
          const by = { tokens: was.tokens - aside.tokens, units: was.units - aside.units };
          // A database that is away leaves the larger sum: rather too little is asked today than too much.
          for (const spender of spenders) {
            const spent = await correct(pool, { day, spender, by }).catch(() => undefined);
            if (spender === SERVICE && spent) note(day, spent);
          }
        },
      };
    },
    async look() {
      const day = today();
      note(day, await spentOn(pool, day, SERVICE));
    },
    state: () => (seen.day === today() ? seen : { day: today(), usedRatio: 0, spent: false }),
  };
}

const ONE_TOKEN: Spending = { tokens: 1, units: 0 };

function isFull(spent: Spending, next: Spending, limit: Limit): boolean {
  const over = (used: number, more: number, most: number | undefined) =>
    most !== undefined && used + more > most;
  return over(spent.tokens, next.tokens, limit.tokens) || over(spent.units, next.units, limit.units);
}

function ratioOf(spent: Spending, limit: Limit): number {
  const share = (used: number, most: number | undefined) =>
    most === undefined ? 0 : most === 0 ? 1 : Math.min(1, used / most);
  return Math.max(share(spent.tokens, limit.tokens), share(spent.units, limit.units));
}
