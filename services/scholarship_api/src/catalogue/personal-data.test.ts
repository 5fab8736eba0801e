import { randomUUID } from 'node:crypto';
import { askPersonalData, createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';

let a2: ServiceHarness;
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
});
afterAll(() => a2.stop());

const ordered = (requestedBy: string, reference: string) =>
  a2.pool.query(
    `INSERT INTO checkout_orders (id, requested_by, purpose, reference, amount_cents, currency, success_url, cancel_url)
     VALUES ($1, $2, 'listing', $3, 4900, 'USD', 'https://a.example', 'https://a.example')`,
    [randomUUID(), requestedBy, reference],
  );

test('who owns a scholarship and who asked for a payment is found and forgotten; scholarship and account of money stay', async () => {
  const [ada, eve] = [randomUUID(), randomUUID()];
  const token = await a2.identity.userToken({ subject: ada, roles: ['provider'] });
  const made = await a2.fetch('/scholarships', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ title: 'For planters', description: 'Trees.', amount_cents: 100 }),
  });
  expect(made.status).toBe(201);
  await ordered(ada, 'r-1');
  await ordered(eve, 'r-1');
  const asks = askPersonalData(a2);
  const person = { userId: ada, email: undefined };
  expect((await asks.find(person)).found).toMatchObject({
    scholarships: [{ title: 'For planters' }],
    checkout_orders: [{ reference: 'r-1', amount_cents: 4_900 }],
  });
  expect(await asks.erase(person)).toEqual({ scholarships: 1, checkout_orders: 1, outbox: 0 });
  expect(await asks.erase({ userId: eve, email: undefined })).toMatchObject({ checkout_orders: 1 });
  const { rows } = await a2.pool.query('SELECT * FROM scholarships NATURAL FULL JOIN checkout_orders');
  expect(rows).toHaveLength(3);
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${ada}|${eve}`));
});
