import { randomUUID } from 'node:crypto';
import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
/** What is limited: a search, and one scholarship, which is the only one and public. */
let paths: { search: string; one: string };
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  const ask = askCatalogue(a2);
  const grant = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };
  const made = await ask.send('POST', '/scholarships', grant, await ask.provider(randomUUID()));
  const { id } = (await made.json()) as Scholarship;
  const staff = await a2.identity.userToken({ roles: ['staff'] });
  await ask.send('POST', `/scholarships/${id}/publish`, {}, staff);
  paths = { search: '/scholarships?limit=1', one: `/scholarships/${id}` };
});
afterAll(() => a2.stop());

const CONSENT = { cookie: 'scholar_consent=views' };
const read = (path: string, headers: Record<string, string>) =>
  a2.fetch(path, { headers: { ...CONSENT, ...headers } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusesOf = async (path: string, count: number, headers: () => Record<string, string>) =>
  (await Promise.all(Array.from({ length: count }, () => read(path, headers())))).map(({ status }) => status);

describe.each(['search', 'one'] as const)('GET of %s', (what) => {
  test('tells who asks all the time when to come again, by account or address, and counts what was shown alone', async () => {
    const path = paths[what];
    const before = (await a2.events()).length;
    const clients = [
      { 'x-forwarded-for': '203.0.113.7' },
      bearer(await a2.identity.userToken({ subject: 'busy' })),
    ];
    let shown = 0;
    for (const client of clients) {
      const statuses = await statusesOf(path, 250, () => client);
      const found = statuses.filter((status) => status === 200).length;
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      expect(found).toBeGreaterThanOrEqual(120);
      shown += found;
    }
    const refused = await read(path, clients[0] ?? {});
    if (refused.status === 200) shown += 1;
    else {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
      expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    }
    expect((await a2.events()).slice(before)).toHaveLength(shown);
  });

  test('lets neither another client, nor our services, nor probes wait for one who is busy', async () => {
    const path = paths[what];
    await statusesOf(path, 250, () => ({ 'x-forwarded-for': '203.0.113.8' }));
    const token = await a2.identity.serviceToken('scholarship_agent');
    expect(await statusesOf(path, 1, () => ({ 'x-forwarded-for': '203.0.113.9' }))).toEqual([200]);
    const allowed = [
      () => bearer(token),
      () => ({ 'x-forwarded-for': '203.0.113.8', 'x-scholar-canary': a2.canaryToken() }),
    ];
    for (const headers of allowed)
      expect(new Set(await statusesOf(path, 250, headers))).toEqual(new Set([200]));
  });
});
