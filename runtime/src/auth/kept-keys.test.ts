import { OUTBOX_MIGRATIONS } from '../outbox/index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { keptKeysIn } from './kept-keys.ts';

const keys = (kid: string) => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x', kid }] });
let db: TestDatabase;

beforeEach(async () => {
  db = await createTestDatabase({ migrations: OUTBOX_MIGRATIONS });
});
afterEach(() => db.drop());

test('the keys that were saved last are there for the next process', async () => {
  const kept = keptKeysIn(db.pool);
  expect(await kept.load()).toBeUndefined();
  await kept.save(keys('k1'));
  await kept.save(keys('k2'));
  expect(await keptKeysIn(db.pool).load()).toEqual(keys('k2'));
});

test('keys of more than a day ago, and what is no set of keys, count as none', async () => {
  const kept = keptKeysIn(db.pool);
  await kept.save(keys('k1'));
  await db.pool.query("UPDATE issuer_keys SET fetched_at = now() - interval '25 hours'");
  expect(await kept.load()).toBeUndefined();
  await kept.save({ keys: [] });
  expect(await kept.load()).toBeUndefined();
});
