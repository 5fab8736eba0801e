import { type EventTrace, judgeEvent } from './judge-event.ts';
import type { Asked, ForwarderSeen, OutboxSeen, RowSeen, Seen } from './seen.ts';
import { traceText } from './trace-text.ts';

const ID = '7d9f2f0a-3c1e-4b6a-9f5d-2a1b3c4d5e6f';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const at = (ms: number) => new Date(1_790_000_000_000 + ms).toISOString();

const ROW: RowSeen = {
  ...{ app_label: 'scholar_auth', occurred_at: at(0), received_at: at(43), deliveries: 1 },
  ...{
    forwarder_id: 'scholar_auth@local:1',
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    erased_at: null,
  },
};
const DELIVERED: ForwarderSeen = {
  ...{ state: 'delivered', attempts: 1, retries: 0, accepted_at: at(20), delivered_at: at(50), write_ms: 10 },
  ...{ first_attempt_at: null, last_miss: null, problem: null, hold_reason: null, next_attempt_at: null },
};
const QUEUED: ForwarderSeen = {
  ...DELIVERED,
  state: 'queued',
  attempts: 0,
  delivered_at: null,
  write_ms: null,
};
const WAITING: OutboxSeen = {
  ...{ state: 'waiting', recorded_at: at(1), attempts: 2, next_attempt_at: at(5_000), problem: null },
  failing: 'the receiver of events cannot be reached (ECONNREFUSED)',
};

function judge(kept: {
  row?: Asked<RowSeen>;
  forwarder?: Asked<ForwarderSeen>;
  outbox?: Asked<OutboxSeen>;
}): EventTrace {
  const { row = { none: true }, forwarder = { none: true }, outbox = { none: true } } = kept;
  const none = { label: 'student_pilot', asked: { none: true } } as const;
  const seen: Seen = {
    eventId: ID,
    row,
    forwarders: [none, { label: 'scholar_auth', asked: forwarder }],
    outboxes: [none, { label: 'scholar_auth', asked: outbox }],
  };
  return judgeEvent(seen);
}

const times = ({ hops }: EventTrace) =>
  hops.map((hop) => [hop.hop, hop.since_start_ms, hop.since_previous_ms]);

test('of a stored event each hop has its time, whose clock it is of, and what came before it', () => {
  const traced = judge({ row: { found: ROW }, forwarder: { found: DELIVERED } });
  expect(traced).toMatchObject({ state: 'stored', app: 'scholar_auth', trace_id: TRACE, unasked: [] });
  expect(times(traced)).toEqual([
    ['recorded', 0, null],
    ['durable', 20, 20],
    ['first_attempt', 40, 20],
    ['received', 43, 3],
    ['committed', null, null],
    ['receipt', 50, 7],
  ]);
  expect(traced.hops.map(({ clock }) => clock)).toEqual([
    ...['app', 'forwarder', 'forwarder', "A8's database", "A8's database", 'forwarder'],
  ]);
});

test('a time that nobody keeps is not made up: the first of several attempts after the receipt, the commit', () => {
  const traced = judge({
    row: { found: ROW },
    forwarder: { found: { ...DELIVERED, attempts: 3, retries: 2 } },
  });
  const [first, last] = traced.hops.filter(({ hop }) => hop.endsWith('attempt'));
  expect(first).toMatchObject({ hop: 'first_attempt', at: null, note: expect.stringContaining('not kept') });
  expect(last).toMatchObject({ hop: 'last_attempt', at: at(40), what: expect.stringContaining('attempt 3') });
  expect(traced.hops.find(({ hop }) => hop === 'committed')?.at).toBeNull();
});

test('a clock that is behind shows as a step below zero, and not as another order', () => {
  const traced = judge({
    row: { found: { ...ROW, received_at: at(-100) } },
    forwarder: { found: DELIVERED },
  });
  expect(times(traced)).toContainEqual(['received', -100, -140]);
});

test('an event that came past every forwarder has a row all the same', () => {
  const traced = judge({ row: { found: { ...ROW, forwarder_id: null, traceparent: null } } });
  expect(traced).toMatchObject({ state: 'stored', trace_id: null, forwarder: null });
  expect(times(traced)).toEqual([
    ['recorded', 0, null],
    ['received', 43, 43],
    ['committed', null, null],
  ]);
});

test.each<[string, Parameters<typeof judge>[0], string, RegExp]>([
  [
    'waits in its outbox',
    { outbox: { found: WAITING } },
    'in_outbox',
    /2 attempts.*ECONNREFUSED.*next attempt at/,
  ],
  [
    'was refused by its forwarder',
    { outbox: { found: { ...WAITING, state: 'parked', problem: 'pii_detected', next_attempt_at: null } } },
    'parked',
    /refused it for good: pii_detected/,
  ],
  ['was not tried yet', { forwarder: { found: QUEUED } }, 'queued', /no attempt has been made/],
  [
    'is tried again and again',
    {
      forwarder: {
        found: { ...QUEUED, attempts: 4, last_miss: 'unreachable (ECONNREFUSED)', next_attempt_at: at(9) },
      },
    },
    'queued',
    /4 attempts, the last one failed: unreachable \(ECONNREFUSED\); next attempt at/,
  ],
  [
    'is held',
    { forwarder: { found: { ...QUEUED, state: 'held', hold_reason: 'no_key' } } },
    'held',
    /holds everything back: no_key/,
  ],
  [
    'was refused by A8',
    {
      forwarder: {
        found: {
          ...QUEUED,
          state: 'dead',
          attempts: 1,
          problem: { code: 'contract_violation', pointer: '/payload' },
        },
      },
    },
    'dead',
    /refused it for good: contract_violation at \/payload/,
  ],
  ['was given up', { forwarder: { found: { ...QUEUED, state: 'discarded' } } }, 'discarded', /gave it up/],
  ['lost its row', { forwarder: { found: DELIVERED } }, 'delivered', /no such row any more.*rows_lost/],
  [
    'may have its row',
    { forwarder: { found: DELIVERED }, row: { unasked: 'ECONNREFUSED' } },
    'delivered',
    /nobody could say \(ECONNREFUSED\)/,
  ],
  ['is nowhere', {}, 'unknown', /rolled back.*expired/],
  ['may be where nobody answers', { row: { unasked: 'answered 503' } }, 'unknown', /A8 \(answered 503\)/],
])('of an event that %s it is told where it is and why', (_what, kept, state, why) => {
  const traced = judge(kept);
  expect(traced.state).toBe(state);
  expect(traced.why).toMatch(why);
  expect(traceText(traced)).toContain(`state  ${state}: `);
});
