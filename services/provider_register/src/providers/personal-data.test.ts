import { randomUUID } from 'node:crypto';
import { askPersonalData, createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';

let a6: ServiceHarness;
beforeAll(async () => {
  a6 = await createServiceHarness(service);
});
afterAll(() => a6.stop());

async function register(email: string): Promise<string> {
  const response = await a6.fetch('/providers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada Foundation', email, website: 'https://ada.example', country: 'US' }),
  });
  expect(response.status).toBe(201);
  const { rows } = await a6.pool.query('SELECT id FROM providers WHERE email = $1', [email]);
  return rows[0].id;
}

test('a provider with a proven address is found with its names in A8, and its row says nothing after an erasure', async () => {
  const id = await register('ada@example.org');
  await register('bob@example.org');
  const person = { userId: randomUUID(), email: 'ada@example.org' };
  const asks = askPersonalData(a6);
  expect(await asks.find(person)).toMatchObject({
    found: { providers: [{ id, name: 'Ada Foundation' }], payments: [] },
    actors: [id],
  });
  expect(await asks.find({ ...person, email: undefined })).toMatchObject({
    found: { providers: [], payments: [] },
    actors: [],
  });
  expect(await asks.erase({ ...person, email: undefined })).toEqual({ providers: 0, outbox: 0 });
  expect(await asks.erase(person)).toEqual({ providers: 1, outbox: 0 });
  const { rows } = await a6.pool.query('SELECT * FROM providers WHERE id = $1', [id]);
  expect(JSON.stringify(rows)).not.toMatch(/ada/i);
  expect(rows).toMatchObject([{ name: '[erased]', email: '[erased]', website: null, country: null }]);
  expect((await a6.pool.query(`SELECT FROM providers WHERE email = 'bob@example.org'`)).rowCount).toBe(1);
});
