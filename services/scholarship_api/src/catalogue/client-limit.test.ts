import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';

let a2: ServiceHarness;
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
});
afterAll(() => a2.stop());

const CONSENT = { cookie: 'scholar_consent=views' };
const search = (headers: Record<string, string>) =>
  a2.fetch('/scholarships?limit=1', { headers: { ...CONSENT, ...headers } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusesOf = async (count: number, headers: () => Record<string, string>) =>
  (await Promise.all(Array.from({ length: count }, () => search(headers())))).map(({ status }) => status);

test('who searches all the time is told when to come again, by account or address, and is counted for what was shown alone', async () => {
  const before = (await a2.events()).length;
  const clients = [
    { 'x-forwarded-for': '203.0.113.7' },
    bearer(await a2.identity.userToken({ subject: 'busy' })),
  ];
  let shown = 0;
  for (const client of clients) {
    const statuses = await statusesOf(250, () => client);
    const found = statuses.filter((status) => status === 200).length;
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(found).toBeGreaterThanOrEqual(120);
    shown += found;
  }
  const refused = await search(clients[0] ?? {});
  if (refused.status === 200) shown += 1;
  else {
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
  }
  expect((await a2.events()).slice(before)).toHaveLength(shown);
});

test('neither another client, nor our services, nor probes wait for one who is busy', async () => {
  await statusesOf(250, () => ({ 'x-forwarded-for': '203.0.113.8' }));
  const token = await a2.identity.serviceToken('scholarship_agent');
  expect(await statusesOf(1, () => ({ 'x-forwarded-for': '203.0.113.9' }))).toEqual([200]);
  const allowed = [
    () => bearer(token),
    () => ({ 'x-forwarded-for': '203.0.113.8', 'x-scholar-canary': a2.canaryToken() }),
  ];
  for (const headers of allowed) expect(new Set(await statusesOf(250, headers))).toEqual(new Set([200]));
});
