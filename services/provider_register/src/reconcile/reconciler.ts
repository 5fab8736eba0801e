/**
 * Stripe's books against ours: webhooks may be lost for good (a disabled endpoint, more than three days of outage), and
 * then a payment is noticed by nobody. What is missing goes the way of a webhook, so that it happens once here, too. What
 * is here and not there is told: it cannot be repaired.
 */
import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { OwnBooks, StripeBooks } from './books.ts';
import { takeUndelivered } from './compare-events.ts';
import { compareRefunds } from './compare-refunds.ts';
import { compareSessions } from './compare-sessions.ts';
import { asFindings, type Difference } from './differences.ts';
import { createPatience } from './patience.ts';

const DAY_S = 86_400;
/** How far a look goes back. The first one as far as Stripe keeps events, later ones as long as it repeats them. */
const FIRST_WINDOW_S = 30 * DAY_S;
const WINDOW_S = 4 * DAY_S;

/** One look or two may fail by an interruption of a moment. */
const FAILURES_TOLD = 3;
const NOT_COMPARED =
  "Stripe's books could not be compared with the payments here: look whether STRIPE_SECRET_KEY is valid and may read events, checkout sessions, and charges with refunds, and at the way to Stripe";

export type ReconcilerDeps = {
  /** undefined without a usable key: then there is nothing to compare with. */
  books: () => StripeBooks | undefined;
  own: OwnBooks;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
  /** How long a webhook may take before its absence is a difference, ms. */
  graceMs: number;
};

/** Compares again and again, and repairs; `findings` are the differences of the last look. */
export function createReconciler(deps: ReconcilerDeps): PeriodicTask & { findings(): string[] } {
  const { own, clock, graceMs } = deps;
  let differences: Difference[] = [];
  let atStart = true;
  /** Looks in a row that came to nothing. */
  let failed = 0;
  let windowS = FIRST_WINDOW_S;
  const patience = createPatience(graceMs, () => clock.now());

  async function look(books: StripeBooks, signal: AbortSignal): Promise<void> {
    const nowMs = clock.now();
    const fromS = Math.floor(nowMs / 1000) - windowS;
    const window = { fromS, untilS: Math.floor((nowMs - graceMs) / 1000) };
    patience.begin(nowMs);
    const found = [
      ...(await takeUndelivered(own, books.undelivered(window), signal)),
      ...(await compareSessions({ own, books, nowMs, signal, window, patience })),
      ...(await compareRefunds({ own, books, nowMs, signal, fromS, patience })),
    ];
    if (signal.aborted) return;
    patience.end();
    differences = found;
    windowS = WINDOW_S;
    if (found.length > 0)
      deps.log.warn(
        { differences: found.length },
        'Stripe knew of payments that no webhook told, or told otherwise',
      );
  }

  const task = createPeriodicTask({
    ...deps,
    name: "the comparison with Stripe's books",
    meanwhile: 'payments are noted by webhooks alone',
    async run(signal) {
      // At the start of a whole system its Stripe may still be on its way.
      const books = atStart ? undefined : deps.books();
      atStart = false;
      if (books === undefined) differences = [];
      else await look(books, signal);
      failed = 0;
    },
    onFailure: () => {
      failed += 1;
    },
  });
  return {
    ...task,
    findings: () => [...(failed < FAILURES_TOLD ? [] : [NOT_COMPARED]), ...asFindings(differences)],
  };
}
