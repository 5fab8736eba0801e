/** What the real Stripe does by itself now and then, on demand: the same event twice, events in the wrong order. */
import type { Express } from 'express';
import { z } from 'zod';
import { wants } from '../events/new-event.ts';
import type { State } from '../state/state.ts';
import type { CheckoutSession, StripeEvent } from '../stripe-objects.ts';
import type { Deliverer } from './deliverer.ts';

const deliveriesBody = z.strictObject({
  /** An event id. */
  event: z.string(),
  /** How many more times, at the same moment. */
  duplicates: z.int().min(0).max(100).default(0),
  /** Also every other event of the same checkout, newest first. */
  disorder: z.boolean().default(false),
});

/**
 * POST /sandbox/deliveries `{event, duplicates?, disorder?}` → 200 `{attempts: [{event, endpoint, answer}]}` when all attempts ended.
 * Requests of a browser page of another origin are refused: the sandbox listens on loopback, and so does the browser.
 */
export function knobRoutes(app: Express, deps: { state: State; deliverer: Deliverer }): void {
  const { state, deliverer } = deps;
  app.post('/sandbox/deliveries', async (req, res) => {
    const body = deliveriesBody.safeParse(req.body);
    if (req.get('origin') !== undefined || !body.success) {
      const detail = body.success ? 'not from a browser page' : z.prettifyError(body.error);
      res.status(body.success ? 403 : 422).json({ error: { message: detail } });
      return;
    }
    const event = state.get('events', body.data.event);
    if (event === undefined) {
      res.status(404).json({ error: { message: `No such event: '${body.data.event}'` } });
      return;
    }
    const events = body.data.disorder ? relatedNewestFirst(state, event) : [event];
    const copies = events.flatMap((one) => Array.from({ length: 1 + body.data.duplicates }, () => one));
    const attempts = copies.flatMap((one) => attemptsOf(state, deliverer, one));
    res.json({ attempts: await Promise.all(attempts) });
  });
  app.get('/sandbox/deliveries', (_req, res) => {
    res.json({ deliveries: state.all('deliveries').reverse() });
  });
}

function attemptsOf(
  state: State,
  deliverer: Deliverer,
  event: StripeEvent,
): Promise<{ event: string; endpoint: string; answer: number | string }>[] {
  return state
    .all('endpoints')
    .filter((endpoint) => wants(endpoint, event.type))
    .map(async (endpoint) => ({
      event: event.id,
      endpoint: endpoint.id,
      answer: await deliverer.attempt(event, endpoint),
    }));
}

function relatedNewestFirst(state: State, event: StripeEvent): StripeEvent[] {
  const intent = intentOf(event);
  return state
    .all('events')
    .reverse()
    .filter((other) => other.id === event.id || (intent !== null && intentOf(other) === intent));
}

function intentOf(event: StripeEvent): string | null {
  const { object } = event.data;
  return object.object === 'payment_intent' ? object.id : (object as CheckoutSession).payment_intent;
}
