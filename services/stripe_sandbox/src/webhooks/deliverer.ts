/**
 * Carries events to endpoints, as Stripe does: at least once, in no promised order, signed anew at each attempt, retried
 * with full jitter until a 2xx or until three days have passed (https://docs.stripe.com/webhooks#retries).
 *
 * A delivery is pending → delivered | given_up. Everything that a restart needs is in the state; the loop only sleeps
 * until the next delivery is due or until somebody nudges it.
 */
import { createLoop } from '@scholar/runtime/background';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { type Logger, type Mention, onceAMinute } from '@scholar/runtime/log';
import got, { RequestError } from 'got';
import { pendingDeliveries, withPending } from '../events/route.ts';
import type { State } from '../state/state.ts';
import type { Delivery, StripeEvent, WebhookEndpoint } from '../stripe-objects.ts';
import { stripeSignature } from './signature.ts';

const GIVE_UP_AFTER_MS = 3 * 86_400_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
const MAX_IN_FLIGHT = 8;
const IDLE_MS = 5_000;

/** POSTs a signed body; resolves with the HTTP status, or with the reason why there was no answer. */
export type Post = (url: string, body: string, signature: string) => Promise<number | string>;

export type DelivererOptions = {
  state: State;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** First wait and longest wait between attempts, milliseconds. */
  backoff: { baseMs: number; capMs: number };
  /** The secret of an endpoint; the pre-registered one follows its file. */
  secretOf: (endpoint: WebhookEndpoint) => string | undefined;
  post?: Post;
};

export type Deliverer = {
  start(): void;
  stop(): Promise<void>;
  /** Look for due deliveries now. */
  nudge(): void;
  /** One attempt at once, outside the schedule (the knobs use it); resolves with the answer. */
  attempt(event: StripeEvent, endpoint: WebhookEndpoint): Promise<number | string>;
};

export function createDeliverer(options: DelivererOptions): Deliverer {
  const { state, clock, log } = options;
  const mention = onceAMinute(
    (fields, message) => log.info(fields, message),
    () => clock.monotonic(),
  );
  const inFlight = new Map<string, Promise<void>>();

  const loop = createLoop({
    clock,
    async pass() {
      for (const delivery of dueDeliveries(state, clock.now(), inFlight)) {
        const work = deliver({ ...options, mention }, delivery).finally(() => {
          inFlight.delete(delivery.id);
          loop.wake();
        });
        inFlight.set(delivery.id, work);
      }
      return untilNext(state, clock.now(), inFlight);
    },
  });

  return {
    start: loop.start,
    async stop() {
      await loop.stop();
      await Promise.allSettled(inFlight.values());
    },
    nudge: loop.wake,
    attempt: (event, endpoint) => attempt(options, event, endpoint),
  };
}

function dueDeliveries(state: State, nowMs: number, inFlight: ReadonlyMap<string, unknown>): Delivery[] {
  return state
    .all('deliveries')
    .filter((one) => one.state === 'pending' && one.next_attempt_at <= nowMs && !inFlight.has(one.id))
    .slice(0, Math.max(0, MAX_IN_FLIGHT - inFlight.size));
}

function untilNext(state: State, nowMs: number, inFlight: ReadonlyMap<string, unknown>): number {
  // With a full house the next finished attempt wakes the loop.
  if (inFlight.size >= MAX_IN_FLIGHT) return IDLE_MS;
  const waits = state
    .all('deliveries')
    .filter((one) => one.state === 'pending' && !inFlight.has(one.id))
    .map((one) => one.next_attempt_at - nowMs);
  return Math.max(0, Math.min(IDLE_MS, ...waits));
}

async function deliver(options: DelivererOptions & { mention: Mention }, delivery: Delivery): Promise<void> {
  const { state, mention } = options;
  const event = state.get('events', delivery.event);
  const endpoint = state.get('endpoints', delivery.endpoint);
  if (event === undefined || endpoint === undefined) {
    await state.commit([
      { put: 'deliveries', value: { ...delivery, state: 'given_up', last_answer: 'endpoint deleted' } },
    ]);
    return;
  }
  const answer = await attempt(options, event, endpoint);
  const settled = judge(options, { delivery, event, answer });
  if (settled.state !== 'delivered') {
    mention(
      { event: event.id, type: event.type, endpoint: endpoint.id, answer, attempts: settled.attempts },
      'webhook not taken',
    );
  }
  await state.commit([{ put: 'deliveries', value: settled }]);
}

function judge(
  options: DelivererOptions,
  outcome: { delivery: Delivery; event: StripeEvent; answer: number | string },
): Delivery {
  const { delivery, event, answer } = outcome;
  const nowMs = options.clock.now();
  const after = { ...delivery, attempts: delivery.attempts + 1, last_answer: String(answer) };
  if (typeof answer === 'number' && answer >= 200 && answer < 300) return { ...after, state: 'delivered' };
  if (nowMs - event.created * 1000 > GIVE_UP_AFTER_MS) return { ...after, state: 'given_up' };
  const waitMs = fullJitter({ attempt: delivery.attempts, ...options.backoff, random: options.random });
  return { ...after, next_attempt_at: nowMs + Math.ceil(waitMs) };
}

async function attempt(
  options: DelivererOptions,
  event: StripeEvent,
  endpoint: WebhookEndpoint,
): Promise<number | string> {
  const secret = options.secretOf(endpoint);
  if (secret === undefined) return 'no signing secret: set SANDBOX_WEBHOOK_SECRET';
  if (endpoint.status !== 'enabled') return 'endpoint disabled';
  // Indented like Stripe's own deliveries, so that a receiver that re-serialises the body fails here first.
  const body = JSON.stringify(withPending(event, pendingDeliveries(options.state)), null, 2);
  const signature = stripeSignature(body, secret, Math.floor(options.clock.now() / 1000));
  return (options.post ?? postByGot)(endpoint.url, body, signature);
}

/** The network, with a bounded wait; redirects are not followed, as Stripe does not follow them. */
const postByGot: Post = async (url, body, signature) => {
  try {
    const { statusCode } = await got.post(url, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (scholar sandbox)',
      },
      body,
      followRedirect: false,
      throwHttpErrors: false,
      retry: { limit: 0 },
      timeout: { request: ATTEMPT_TIMEOUT_MS },
    });
    return statusCode;
  } catch (error) {
    return error instanceof RequestError ? error.code : 'failed';
  }
};
