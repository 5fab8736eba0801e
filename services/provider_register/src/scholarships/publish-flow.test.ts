import { randomUUID } from 'node:crypto';
import { browse } from '../testing/browse.ts';
import { type PaymentSystem, startPaymentSystem } from '../testing/payment-system.ts';

let system: PaymentSystem;
beforeAll(async () => {
  system = await startPaymentSystem();
}, 180_000);
afterAll(() => system?.stop());

test('with a real scholarship_api: a form that is sent twice at once is one draft, and sent once more it leads there', async () => {
  const { a6 } = system;
  const { send, signedInAs } = browse({ a6, identity: a6.identity });
  const headers = await signedInAs(randomUUID());
  const draft = {
    ...{ title: 'Grant of a double click', description: 'For  pilots. ', amount_cents: '2,500.50' },
    ...{ currency: 'USD', regions: 'New York', min_gpa: '3,5', deadline: '2090-05-01', key: randomUUID() },
  };
  const sendIt = () => send('/scholarships', draft, headers);
  const places = [...(await Promise.all([sendIt(), sendIt()])), await sendIt()].map(({ to }) => to);
  expect(places).toEqual(Array(3).fill(expect.stringMatching(/^\/scholarships\/[0-9a-f-]{36}\?saved=1$/)));
  expect(new Set(places).size).toBe(1);
  const list = await send('/scholarships', undefined, headers);
  expect(list.page.match(/Grant of a double click/g)).toHaveLength(1);
});

test('with a real scholarship_api: one listing makes one of two drafts public, also when both are sent at once', async () => {
  const { a6 } = system;
  const { send, signedInAs } = browse({ a6, identity: a6.identity });
  const [subject, providerId, event] = [randomUUID(), randomUUID(), `evt_${randomUUID()}`];
  const headers = await signedInAs(subject);
  await a6.pool.query(
    `INSERT INTO providers (id, name, email, user_id) VALUES ($1, 'Harbour Trust', 'o@x.example', $2)`,
    [providerId, subject],
  );
  await a6.pool.query(
    `INSERT INTO stripe_events (id, type, livemode) VALUES ($1, 'checkout.session.completed', false)`,
    [event],
  );
  await a6.pool.query(
    `INSERT INTO payments (session_id, provider_id, amount_cents, currency, stripe_event_id, event_id)
     VALUES ('cs_test_1', $1, 4900, 'USD', $2, $3)`,
    [providerId, event, randomUUID()],
  );
  const sendNew = (title: string) =>
    send(
      '/scholarships',
      { title, description: 'For pilots.', amount_cents: '2500', currency: 'USD', intent: 'publish' },
      headers,
    );
  const places = (await Promise.all([sendNew('Grant one'), sendNew('Grant two')])).map(({ to }) => to ?? '');
  expect(places.map((to) => to.split('?')[1]).toSorted()).toEqual(['published=1', 'unpaid=1']);
  const unpaid = places.find((to) => to.endsWith('unpaid=1')) ?? '';
  expect((await send(unpaid, undefined, headers)).page).toContain('needs a paid listing');
  expect((await send('/scholarships', undefined, headers)).page).toContain('Pay for a listing');
});
