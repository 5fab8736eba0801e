import { stripeEventSchema } from '../webhook/stripe-event.ts';
import type { OwnBooks } from './books.ts';
import type { Difference } from './differences.ts';

/** Takes every event that Stripe could not deliver; each counts once here, whatever Stripe still repeats. */
export async function takeUndelivered(
  { receive }: Pick<OwnBooks, 'receive'>,
  events: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const raw of events) {
    if (signal.aborted) break;
    const event = stripeEventSchema.safeParse(raw);
    if (!event.success) continue;
    const received = await receive(event.data);
    // Taken before, and another endpoint of the account is the one that fails.
    if (received.duplicate) continue;
    const { id: eventId, type } = event.data;
    found.push({ kind: 'undelivered', eventId, type, outcome: received.outcome });
  }
  return found;
}
