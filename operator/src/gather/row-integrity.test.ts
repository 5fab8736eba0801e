import { type ContractEvent, contentHash } from '@scholar/contract';
import { type FullRow, holdsItsContent } from './row-integrity.ts';

const EVENT: ContractEvent = {
  event_type: 'PaymentSuccess',
  occurred_at: '2026-11-24T12:00:00.123Z',
  actor_id: 'system',
  session_id: 's-1',
  source: '/webhooks/stripe',
  payload: { simulated: true, amount_cents: 4900, currency: 'USD', reference: 'cs_1' },
};

function row(change: Partial<FullRow> = {}): FullRow {
  return {
    app_label: 'provider_register',
    event_type: EVENT.event_type,
    occurred_at: new Date(EVENT.occurred_at),
    actor_id: EVENT.actor_id,
    session_id: 's-1',
    source: EVENT.source,
    // As PostgreSQL gives it back: jsonb keeps no order of keys.
    payload: { currency: 'USD', reference: 'cs_1', simulated: true, amount_cents: 4900 },
    simulated: true,
    content_hash: contentHash('provider_register', EVENT),
    ...change,
  };
}

test('a row as A8 wrote it holds its content', () => {
  expect(holdsItsContent(row())).toBe(true);
});

test.each<[string, Partial<FullRow>]>([
  ['the payload', { payload: { simulated: true, amount_cents: 1, currency: 'USD', reference: 'cs_1' } }],
  ['the payload, so that it breaks the contract', { payload: { details: 'x' } }],
  ['the label', { app_label: 'scholar_auth' }],
  ['the type', { event_type: 'NewLead' }],
  ['the actor', { actor_id: 'mallory' }],
  ['the session', { session_id: null }],
  ['the time', { occurred_at: new Date(0) }],
  ['the mark of a simulation', { simulated: false }],
  ['the hash itself', { content_hash: Buffer.alloc(32) }],
])('whoever changes %s is seen', (_what, change) => {
  expect(holdsItsContent(row(change))).toBe(false);
});
