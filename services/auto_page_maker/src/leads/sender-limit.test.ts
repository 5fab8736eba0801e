import { FakeClock } from '@scholar/runtime/clock';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { createSenderLimit } from './sender-limit.ts';

const HOUR_MS = 3_600_000;

describe('the limit of a network', () => {
  let database: TestDatabase;
  let clock: FakeClock;
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    clock = new FakeClock(0);
  });

  const replica = () =>
    createSenderLimit({
      pool: database.pool,
      clock,
      key: async () => Buffer.alloc(32, 1),
      most: 3,
      windowMs: HOUR_MS,
    });

  test('two replicas admit as many as one may, all of a window together, and anew in the next', async () => {
    const [one, two] = [replica(), replica()];
    const admitted = await Promise.all([one, two, one, two, one].map((admit) => admit('192.0.2.7')));
    expect(admitted.filter((each) => each)).toHaveLength(3);
    expect(await one('192.0.2.8')).toBe(true);
    await clock.advance(HOUR_MS);
    expect(await two('192.0.2.7')).toBe(true);
  });

  test('nothing is kept of a window that is over, and nowhere an address', async () => {
    const admit = replica();
    await clock.advance(10 * HOUR_MS);
    await admit('192.0.2.7');
    await clock.advance(HOUR_MS);
    await admit('192.0.2.7');
    const { rows } = await database.pool.query(
      'SELECT window_start, f::text AS everything FROM form_senders f',
    );
    expect(rows.map(({ window_start: start }) => start.getTime())).toEqual([clock.now()]);
    expect(rows[0]?.everything).not.toContain('192');
  });
});
