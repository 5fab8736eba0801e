import { isSettled } from '../webhook/stripe-event.ts';
import type { OwnBooks, StripeBooks, Window } from './books.ts';
import { compareSession, type Difference } from './differences.ts';
import { inBatches } from './in-batches.ts';
import type { Patience } from './patience.ts';
import { replay } from './replay.ts';

/** The most sessions that are asked for one by one at a look. */
const MOST_ASKED = 100;

type Look = { own: OwnBooks; books: StripeBooks; nowMs: number; signal: AbortSignal };

/** Both ways: what Stripe says was paid and is not here, and what is here and Stripe does not say so. */
export async function compareSessions(
  look: Look & { window: Window; patience: Patience },
): Promise<Difference[]> {
  const compared = new Set<string>();
  const found = await paidAtStripe(look, compared);
  const recorded = await look.own.recorded(look.window);
  return [
    ...found,
    ...(await paidHere(
      look,
      recorded.filter((id) => !compared.has(id)),
    )),
  ];
}

async function paidAtStripe(
  { own, books, nowMs, signal, window, patience }: Look & { window: Window; patience: Patience },
  compared: Set<string>,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const sessions of inBatches(books.completed(window.fromS))) {
    if (signal.aborted) break;
    const paid = sessions.filter(isSettled);
    const known = await own.known(paid.map(({ id }) => id));
    for (const session of paid) {
      const { id: sessionId, livemode } = session;
      compared.add(sessionId);
      const kind = compareSession(session, known.get(sessionId));
      if (kind === undefined) continue;
      if (kind !== 'unrecorded') found.push({ kind, sessionId });
      // Stripe does not say when a session was paid, so its webhook may be under way.
      else if (patience.isOver(sessionId)) {
        const type = 'checkout.session.completed';
        const outcome = await replay(own, { id: sessionId, type, livemode, object: session, nowMs });
        found.push({ kind, sessionId, outcome });
      }
    }
  }
  return found;
}

/** Payments that were not in Stripe's list: their session may only be older than the list, so each is asked for by itself. */
async function paidHere({ own, books, signal }: Look, ids: readonly string[]): Promise<Difference[]> {
  const found: Difference[] = [];
  const asked = ids.slice(0, MOST_ASKED);
  const known = await own.known(asked);
  for (const sessionId of asked) {
    if (signal.aborted) break;
    const session = await books.session(sessionId);
    if (session === undefined) found.push({ kind: 'unknown_at_stripe', sessionId });
    else if (!isSettled(session)) found.push({ kind: 'unpaid_at_stripe', sessionId });
    else {
      const kind = compareSession(session, known.get(sessionId));
      if (kind !== undefined && kind !== 'unrecorded') found.push({ kind, sessionId });
    }
  }
  if (ids.length > asked.length) found.push({ kind: 'unasked', count: ids.length - asked.length });
  return found;
}
