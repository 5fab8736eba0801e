/** What the real Stripe does by itself now and then, on demand: an event twice, events in the wrong order, a refund that fails. */
import type { Express } from 'express';
import { z } from 'zod';
import { wants } from '../events/new-event.ts';
import type { NewId } from '../identifiers.ts';
import { failRefund } from '../refunds/refund-changes.ts';
import type { State } from '../state/state.ts';
import type { StripeEvent } from '../stripe-objects.ts';
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
 * POST /sandbox/refunds/:id/fail → 200 the refund; 409 when it has failed before.
 * Requests of a browser page of another origin are refused: the sandbox listens on loopback, and so does the browser.
 */
export function knobRoutes(
  app: Express,
  deps: { state: State; deliverer: Deliverer; now: () => number; newId: NewId },
): void {
  const { state, deliverer, now, newId } = deps;
  app.use('/sandbox', (req, res, next) => {
    if (req.method === 'GET' || req.get('origin') === undefined) next();
    else res.status(403).json({ error: { message: 'not from a browser page' } });
  });
  app.post('/sandbox/deliveries', async (req, res) => {
    const body = deliveriesBody.safeParse(req.body);
    if (!body.success) {
      res.status(422).json({ error: { message: z.prettifyError(body.error) } });
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
  app.post('/sandbox/refunds/:id/fail', async (req, res) => {
    const refund = state.get('refunds', req.params.id);
    if (refund === undefined) {
      res.status(404).json({ error: { message: `No such refund: '${req.params.id}'` } });
      return;
    }
    const request = { id: null, idempotency_key: null };
    const changes = failRefund(state, refund, { nowMs: now(), newId, request });
    if (typeof changes === 'string') {
      res.status(409).json({ error: { message: changes } });
      return;
    }
    await state.commit(changes);
    deliverer.nudge();
    res.json(state.get('refunds', refund.id));
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
  return object.object === 'payment_intent' ? object.id : object.payment_intent;
}
