import { type AuthRig, startAuth } from '../testing/auth-rig.ts';

let rig: AuthRig;
beforeEach(async () => {
  rig = await startAuth();
});
afterEach(() => rig.stop());

test('a new system has no account, and no usual name opens it with a usual password', async () => {
  expect((await rig.db.pool.query('SELECT FROM users')).rowCount).toBe(0);
  for (const name of ['admin', 'root', 'sa', 'test', 'postgres', 'staff'])
    for (const password of [name, 'password', 'changeme', '']) {
      const { status } = await rig.post('/login', { email: `${name}@example.org`, password });
      expect([name, password, status === 401 || status === 422 || status === 429]).toEqual([
        name,
        password,
        true,
      ]);
      expect((await rig.post('/login', { email: name, password })).status).toBe(422);
    }
});

test('an account has a password and no hint, no question and no second way in: these are all of its columns', async () => {
  const { rows } = await rig.db.pool.query(
    `SELECT column_name::text AS name FROM information_schema.columns
      WHERE table_name = 'users' AND table_schema = current_schema() ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    ...['created_at', 'email_hash', 'email_key', 'email_sealed', 'email_verified_at', 'origin'],
    ...['password_hash', 'roles', 'simulated', 'user_id'],
  ]);
});
