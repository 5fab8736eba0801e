import { inTransaction } from '@scholar/runtime/db';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { expireOverdue } from '../catalogue/expiry.ts';
import { loadSamples, SAMPLE_COUNT } from './load-samples.ts';
import { renewSamples } from './renew-samples.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../migrations', import.meta.url) });
});
afterAll(() => database.drop());

test('samples of years ago are all open again, on the same day of a year, and what a provider made stays over', async () => {
  const { pool } = database;
  await inTransaction(pool, (tx) => loadSamples(tx, Date.now() - 3 * 365 * 86_400_000));
  const before = await pool.query<{ id: string; day: string }>(
    `SELECT id, to_char(deadline, 'MM-DD') AS day FROM scholarships WHERE deadline < current_date`,
  );
  expect(before.rows.length).toBeGreaterThan(SAMPLE_COUNT / 2);
  const own = before.rows[0]?.id;
  await pool.query(`UPDATE scholarships SET owner_provider_id = 'provider-1', sample = false WHERE id = $1`, [
    own,
  ]);
  await expireOverdue(pool);
  expect(await renewSamples(pool)).toBe(before.rows.length - 1);
  const after = await pool.query<{ id: string; day: string }>(
    `SELECT id, to_char(deadline, 'MM-DD') AS day FROM scholarships
     WHERE status = 'published' AND deadline BETWEEN current_date AND current_date + 366`,
  );
  const days = new Map(after.rows.map(({ id, day }) => [id, day]));
  const expected = before.rows.filter(({ id }) => id !== own);
  for (const { id, day } of expected) expect(days.get(id)).toBe(day === '02-29' ? '02-28' : day);
  const { rows } = await pool.query('SELECT status FROM scholarships WHERE id = $1', [own]);
  expect(rows).toEqual([{ status: 'expired' }]);
  expect(await renewSamples(pool)).toBe(0);
});
