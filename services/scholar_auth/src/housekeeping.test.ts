import { removeOld } from './housekeeping.ts';
import { startAuth, withCanary } from './testing/auth-rig.ts';

const password = 'correct horse battery';

test('housekeeping removes what has ended and the accounts of old canaries, and nothing else', async () => {
  const rig = await startAuth();
  const canary = { email: 'canary+c1@canary.invalid', password };
  const ada = { email: 'ada@example.org', password };
  await rig.post('/signup', canary, withCanary(rig.canary('c1')));
  await rig.post('/signup', ada);
  await rig.post('/login', ada);
  await rig.post('/login', { ...ada, password: 'wrong' });
  const { pool } = rig.db;
  const count = async (table: string) =>
    (await pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

  await removeOld(pool, rig.clock.now());
  expect([await count('users'), await count('refresh_families'), await count('login_attempts')]).toEqual([
    2, 1, 2,
  ]);
  await rig.clock.advance(32 * 86_400_000);
  await removeOld(pool, rig.clock.now());
  expect([await count('users'), await count('refresh_families'), await count('login_attempts')]).toEqual([
    1, 0, 0,
  ]);
  await rig.stop();
});
