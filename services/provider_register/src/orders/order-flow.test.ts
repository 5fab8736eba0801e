import { waitFor } from '@scholar/runtime/testing';
import { type PaymentSystem, startPaymentSystem } from '../testing/payment-system.ts';

let system: PaymentSystem;
let own: string;

beforeAll(async () => {
  system = await startPaymentSystem();
  own = await register('Harbour Trust');
}, 180_000);
afterAll(() => system?.stop());

/** @returns the page of a new provider */
async function register(name: string): Promise<string> {
  const answer = await system.a6.fetch('/providers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: 'office@harbour.example' }),
  });
  return answer.headers.get('location') ?? '';
}

/** As a browser that follows nothing by itself. */
function browse(path: string, form?: URLSearchParams): Promise<Response> {
  const sent = form === undefined ? {} : { method: 'POST', body: form };
  return system.a6.fetch(path, { ...sent, headers: { accept: 'text/html' }, redirect: 'manual' });
}

/** Asks for a payment page. @returns its session */
async function pay(): Promise<string> {
  const answer = await browse(`${own}/checkout`, new URLSearchParams());
  expect(answer.status).toBe(303);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

async function act(session: string, action: string): Promise<void> {
  const body = new URLSearchParams({ action });
  await fetch(`${system.apiUrl}/pay/${session}`, { method: 'POST', body, redirect: 'manual' });
}

type Shown = { state: string; next: string; attempts: { session_id: string; state: string }[] };

const order = async (number: number) =>
  (await (await system.a6.fetch(`${own}/orders/${number}`)).json()) as Shown;

/** Waits for what a webhook brings, and shows the page then. */
async function pageOnceIt(number: number, state: string): Promise<string> {
  const reached = async () => (await order(number)).state === state;
  await waitFor(reached, { timeoutMs: 120_000, what: `order ${number} being ${state}` });
  return (await browse(`${own}/orders/${number}`)).text();
}

test('an order says in each state that a provider meets what to do next, and trying again is a new attempt', async () => {
  const first = await pay();
  expect(await pay()).toBe(first);
  const open = await pageOnceIt(1, 'open');
  for (const text of ['Not paid yet', `action="${own}/checkout"`, 'Go on to the payment page'])
    expect(open).toContain(text);
  expect(await (await browse(own)).text()).toContain(`href="${own}/orders/1"`);

  await system.stripe.checkout.sessions.expire(first);
  const expired = await pageOnceIt(1, 'expired');
  for (const text of ['has expired', 'Nothing was charged', 'Try again']) expect(expired).toContain(text);

  const second = await pay();
  expect(second).not.toBe(first);
  await act(second, 'pay_later');
  const unpaid = await pageOnceIt(1, 'unpaid');
  expect(unpaid).toContain('please do not pay again');
  expect(unpaid).not.toContain(`action="${own}/checkout"`);
  const refused = await browse(`${own}/checkout`, new URLSearchParams());
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('do not pay again')]);

  await act(second, 'fail');
  const failed = await pageOnceIt(1, 'failed');
  for (const text of ['The payment failed', 'Nothing was charged', 'Try again'])
    expect(failed).toContain(text);

  const third = await pay();
  await act(third, 'pay');
  const paid = await pageOnceIt(1, 'paid');
  for (const text of ['This order is paid', '$49.00', `${own}/payments/${third}`])
    expect(paid).toContain(text);
  expect(paid).not.toContain(`action="${own}/checkout"`);
  const { attempts, next } = await order(1);
  expect(attempts.map(({ session_id, state }) => [session_id, state])).toEqual([
    ...[
      [third, 'paid'],
      [second, 'failed'],
      [first, 'expired'],
    ],
  ]);
  expect(next).toBe('none');

  const intent = (await system.stripe.checkout.sessions.retrieve(third)).payment_intent;
  const payment_intent = String(intent);
  const part = await system.stripe.refunds.create({ payment_intent, amount: 900 });
  expect(await pageOnceIt(1, 'partly_refunded')).toContain('$9.00 of $49.00 was given back');
  expect(await (await browse(`${own}/payments/${third}`)).text()).toContain('$9.00');

  await fetch(`${system.apiUrl}/sandbox/refunds/${part.id}/fail`, { method: 'POST' });
  const back = await pageOnceIt(1, 'paid');
  expect(back).toContain('your bank returned it to us');
  expect(await (await browse(`${own}/payments/${third}`)).text()).not.toContain('$9.00');

  await system.stripe.refunds.create({ payment_intent });
  const refunded = await pageOnceIt(1, 'refunded');
  for (const text of ['$49.00 was given back', 'that is a new order', 'Pay for a listing'])
    expect(refunded).toContain(text);

  const fourth = await pay();
  expect([first, second, third]).not.toContain(fourth);
  await pageOnceIt(2, 'open');
  const emitted = (await system.a6.events()).filter(({ event }) => event.event_type === 'PaymentSuccess');
  expect(emitted.map(({ event }) => event.payload['reference'])).toEqual([third]);
}, 600_000);

test('an order of another provider, or one that never was, is 404', async () => {
  const other = await register('Somebody Else');
  for (const path of [`${other}/orders/1`, `${own}/orders/99`, `${own}/orders/x`])
    expect((await browse(path)).status).toBe(404);
});
