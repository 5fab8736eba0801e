import { ERASED_ACTOR, erasedEvent } from './erasure.ts';
import { resolveAlias } from './events/aliases.ts';
import { EVENT_TYPES } from './events/catalogue.ts';
import { parseEvent } from './events/parse-event.ts';
import { isSimulated } from './events/simulated.ts';

const FULL = {
  occurred_at: '2026-11-24T12:00:00Z',
  actor_id: 'user_ada',
  session_id: 'session_ada',
  source: '/people/ada',
  payload: {
    details: 'ada',
    amount_cents: 1200,
    currency: 'USD',
    provider_id: 'ada',
    scholarship_id: 'ada',
    latency_ms: 7,
    success: true,
    email_hash: 'ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0ada0',
    reference: 'ada',
  },
};

test.each(EVENT_TYPES)('an erased %s names nobody and is still an event of the contract', (event_type) => {
  const erased = erasedEvent({ event_type, ...FULL });
  expect(JSON.stringify(erased)).not.toContain('ada');
  expect(erased['actor_id']).toBe(ERASED_ACTOR);
  expect(parseEvent(erased)).toMatchObject({ ok: true });
});

test('what is erased twice is what it was', () => {
  const once = erasedEvent({ event_type: 'PaymentSuccess', ...FULL });
  expect(erasedEvent(once)).toEqual(once);
});

test('a simulation stays one, by its payload and by its source, and a legacy name is kept', () => {
  const simulations = [
    { event_type: 'user_signed_up', ...FULL, source: 'canary/ada' },
    { event_type: 'NewUser', ...FULL, payload: { simulated: true } },
  ];
  for (const event of simulations) {
    const erased = erasedEvent(event);
    expect(erased['event_type']).toBe(event.event_type);
    // As `admit` does, which judges a legacy name by the type that it stands for.
    const parsed = parseEvent({
      ...erased,
      event_type: resolveAlias(event.event_type)?.type ?? event.event_type,
    });
    expect(parsed.ok && isSimulated(parsed.event)).toBe(true);
  }
});

test('what is no event loses its content too', () => {
  expect(JSON.stringify(erasedEvent({ actor_id: 'ada', payload: 'ada', more: 'ada' }))).not.toContain('ada');
});
