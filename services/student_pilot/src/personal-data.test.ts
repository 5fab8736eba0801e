import { randomUUID } from 'node:crypto';
import { askPersonalData, createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from './service.ts';

let a5: ServiceHarness;
beforeAll(async () => {
  a5 = await createServiceHarness(service);
});
afterAll(() => a5.stop());

test('a profile and the requests for matches are found and erased, and nobody else loses theirs', async () => {
  const [ada, bob] = [randomUUID(), randomUUID()];
  for (const id of [ada, bob]) {
    await a5.pool.query(`INSERT INTO student_profiles (user_id, field, gpa) VALUES ($1, 'law', 3.5)`, [id]);
    await a5.pool.query(
      'INSERT INTO match_requests (request_id, event_id, user_id) VALUES (gen_random_uuid(), gen_random_uuid(), $1)',
      [id],
    );
  }
  const asks = askPersonalData(a5);
  const person = { userId: ada, email: undefined };
  expect(await asks.find(person)).toMatchObject({
    found: { student_profiles: [{ field: 'law', gpa: 3.5 }], match_requests: [{ outcome: null }] },
  });
  expect(await asks.erase(person)).toEqual({ student_profiles: 1, match_requests: 1, outbox: 0 });
  expect((await asks.find(person)).found).toEqual({ student_profiles: [], match_requests: [] });
  expect(await asks.erase({ ...person, userId: bob })).toMatchObject({
    student_profiles: 1,
    match_requests: 1,
  });
});
