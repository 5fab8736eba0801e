/**
 * Stripe's books against ours: webhooks may be lost for good (a disabled endpoint, more than three days of outage), and
 * then a payment is noticed by nobody. What is missing goes the way of a webhook, so that it happens once here, too.
 */
import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Received } from '../webhook/receive-event.ts';
import { isSettled, type StripeEvent, stripeEventSchema } from '../webhook/stripe-event.ts';
import {
  asFindings,
  compareSession,
  type Difference,
  type SessionAtStripe,
  type SessionHere,
} from './differences.ts';

const DAY_S = 86_400;
/** How far a look goes back. The first one as far as Stripe keeps events, later ones as long as it repeats them. */
const FIRST_WINDOW_S = 30 * DAY_S;
const WINDOW_S = 4 * DAY_S;
const BATCH = 100;

export type StripeBooks = {
  /** Events of the handled types that an endpoint has not taken, created in the window; seconds since 1970. */
  undelivered(window: { fromS: number; untilS: number }): AsyncIterable<unknown>;
  /** Completed checkout sessions created since then, whole, as Stripe has them now. */
  completed(fromS: number): AsyncIterable<SessionAtStripe & { livemode: boolean }>;
};

export type ReconcilerDeps = {
  /** undefined without a usable key: then there is nothing to compare with. */
  books: () => StripeBooks | undefined;
  known: (ids: readonly string[]) => Promise<Map<string, SessionHere>>;
  receive: (event: StripeEvent) => Promise<Received>;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
  /** How long a webhook may take before its absence is a difference, ms. */
  graceMs: number;
};

/** Compares again and again, and repairs; `findings` are the differences of the last look. */
export function createReconciler(deps: ReconcilerDeps): PeriodicTask & { findings(): string[] } {
  let differences: Difference[] = [];
  let atStart = true;
  let windowS = FIRST_WINDOW_S;
  /** Sessions that were missing at an earlier look, and since when, ms. Stripe does not say when a session was paid. */
  let missingSince = new Map<string, number>();

  async function look(books: StripeBooks, signal: AbortSignal): Promise<void> {
    const nowMs = deps.clock.now();
    const fromS = Math.floor(nowMs / 1000) - windowS;
    const untilS = Math.floor((nowMs - deps.graceMs) / 1000);
    const found = await takeUndelivered(deps, books.undelivered({ fromS, untilS }), signal);
    const missing = new Map<string, number>();
    for await (const sessions of inBatches(books.completed(fromS))) {
      if (signal.aborted) return;
      const paid = sessions.filter(isSettled);
      const known = await deps.known(paid.map(({ id }) => id));
      for (const session of paid) {
        const kind = compareSession(session, known.get(session.id));
        if (kind === 'other_amount') found.push({ kind, sessionId: session.id });
        if (kind !== 'unrecorded') continue;
        const sinceMs = missingSince.get(session.id) ?? nowMs;
        missing.set(session.id, sinceMs);
        if (nowMs - sinceMs < deps.graceMs) continue;
        found.push({ kind, sessionId: session.id, outcome: await replay(deps, session) });
      }
    }
    differences = found;
    missingSince = missing;
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
    },
  });
  return { ...task, findings: () => asFindings(differences) };
}

async function takeUndelivered(
  deps: ReconcilerDeps,
  events: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const raw of events) {
    if (signal.aborted) break;
    const event = stripeEventSchema.safeParse(raw);
    if (!event.success) continue;
    const received = await deps.receive(event.data);
    // Taken before, and another endpoint of the account is the one that fails.
    if (received.duplicate) continue;
    const { id: eventId, type } = event.data;
    found.push({ kind: 'undelivered', eventId, type, outcome: received.outcome });
  }
  return found;
}

/** The session as if its webhook came now. A webhook that comes later finds it paid. */
async function replay(
  deps: ReconcilerDeps,
  session: SessionAtStripe & { livemode: boolean },
): Promise<string> {
  const received = await deps.receive({
    id: `reconciled_${session.id}`,
    object: 'event',
    type: 'checkout.session.completed',
    livemode: session.livemode,
    created: Math.floor(deps.clock.now() / 1000),
    data: { object: { ...session } },
  });
  return received.duplicate ? 'the same as before' : received.outcome;
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
