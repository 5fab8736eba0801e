import { systemClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import { waitFor } from '@scholar/runtime/testing';
import { createPoller, type ListEvents, shouldPoll } from './poll-events.ts';
import type { StripeEvent } from './stripe-event.ts';

test.each([
  [
    'a test key without a public address',
    { key: 'sk_test_1', apiUrl: undefined, publicUrl: undefined },
    true,
  ],
  ['a restricted test key', { key: 'rk_test_1', apiUrl: undefined, publicUrl: undefined }, true],
  [
    'a local public address',
    { key: 'sk_test_1', apiUrl: undefined, publicUrl: 'http://127.0.0.1:4106' },
    true,
  ],
  ['a real public address', { key: 'sk_test_1', apiUrl: undefined, publicUrl: 'https://a6.example' }, false],
  ['the sandbox', { key: 'sk_test_1', apiUrl: 'http://127.0.0.1:4109', publicUrl: undefined }, false],
  ['a live key', { key: 'sk_live_1', apiUrl: undefined, publicUrl: undefined }, false],
  ['no key', { key: undefined, apiUrl: undefined, publicUrl: undefined }, false],
])('with %s events are polled: %s', (_name, settings, expected) => {
  expect(shouldPoll(settings)).toBe(expected);
});

test('events are received, odd ones passed over, and a failing look is followed by another from the same time', async () => {
  const event = {
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    livemode: false,
    data: { object: {} },
  };
  const windows: number[] = [];
  const received: StripeEvent[] = [];
  const list: ListEvents = async function* ({ createdFromS }) {
    windows.push(createdFromS);
    if (windows.length === 1) throw new Error('Stripe is away');
    yield { nonsense: true };
    yield event;
  };
  const poller = createPoller({
    list,
    receive: async (one) => received.push(one),
    clock: systemClock,
    random: Math.random,
    log: silentLogger(),
    intervalMs: 5,
  });
  poller.start();
  await waitFor(() => windows.length >= 3);
  await poller.stop();
  expect(received[0]).toMatchObject({ id: 'evt_1' });
  expect(windows[1]).toBe(windows[0]);
  expect(windows[2]).toBeGreaterThan(windows[1] ?? 0);
});
