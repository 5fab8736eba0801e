import { randomUUID } from 'node:crypto';
import { askPersonalData, createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';

let a7: ServiceHarness;
beforeAll(async () => {
  a7 = await createServiceHarness(service);
});
afterAll(() => a7.stop());

async function lead(email: string, userId: string): Promise<void> {
  const { rows } = await a7.pool.query(
    `INSERT INTO leads (lead_id, email, name, content_hash) VALUES (gen_random_uuid(), $1, 'Ada', '\\x00') RETURNING lead_id`,
    [email],
  );
  await a7.pool.query(
    `INSERT INTO user_links (lead_id, state, user_id, next_attempt_at) VALUES ($1, 'linked', $2, now())`,
    [rows[0].lead_id, userId],
  );
}

test('the leads of a proven address are found and erased, and with them the way to the account', async () => {
  const person = { userId: randomUUID(), email: 'ada@example.org' };
  await lead(person.email, person.userId);
  await lead('bob@example.org', randomUUID());
  const asks = askPersonalData(a7);
  expect((await asks.find(person)).found).toMatchObject({
    leads: [{ email: person.email, account: 'linked' }],
  });
  expect(await asks.erase(person)).toEqual({ leads: 1, outbox: 0 });
  const { rows } = await a7.pool.query('SELECT l.email FROM leads l JOIN user_links USING (lead_id)');
  expect(rows).toEqual([{ email: 'bob@example.org' }]);
});

test('whoever signed up with an address that is not proven to be theirs neither sees nor erases its leads', async () => {
  const person = { userId: randomUUID(), email: undefined };
  await lead('carol@example.org', person.userId);
  const asks = askPersonalData(a7);
  expect((await asks.find(person)).found).toEqual({});
  expect(await asks.erase(person)).toEqual({ outbox: 0 });
});
