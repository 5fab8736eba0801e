/**
 * For trials with a real Stripe test key on a machine that Stripe cannot reach: reads the events instead of waiting for
 * webhooks. What it reads came over TLS from Stripe with our key, so it needs no signature; the inbox makes it idempotent.
 */
import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { HANDLED_TYPES, type StripeEvent, stripeEventSchema } from './stripe-event.ts';

/** Overlap of the windows, seconds: Stripe may list an event a little later than its `created` says. */
const OVERLAP_S = 600;
/** How far the first look goes back, seconds; Stripe keeps events for 30 days. */
const FIRST_LOOK_S = 3 * 86_400;

export type ListEvents = (window: { types: string[]; createdFromS: number }) => AsyncIterable<unknown>;

/** Whether to poll: a real Stripe, a test key, and no address that Stripe could call. */
export function shouldPoll(settings: {
  key: string | undefined;
  apiUrl: string | undefined;
  publicUrl: string | undefined;
}): boolean {
  if (settings.apiUrl !== undefined || !/^(sk|rk)_test_/.test(settings.key ?? '')) return false;
  return settings.publicUrl === undefined || isLocal(new URL(settings.publicUrl).hostname);
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host);
}

export function createPoller(deps: {
  list: ListEvents;
  receive: (event: StripeEvent) => Promise<unknown>;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
}): PeriodicTask {
  let fromS = Math.floor(deps.clock.now() / 1000) - FIRST_LOOK_S;
  return createPeriodicTask({
    ...deps,
    name: "the reading of Stripe's events",
    meanwhile: 'payments are noted later',
    async run(signal) {
      const startedS = Math.floor(deps.clock.now() / 1000);
      for await (const raw of deps.list({ types: [...HANDLED_TYPES], createdFromS: fromS })) {
        if (signal.aborted) return;
        const event = stripeEventSchema.safeParse(raw);
        if (event.success) await deps.receive(event.data);
      }
      fromS = startedS - OVERLAP_S;
    },
  });
}
