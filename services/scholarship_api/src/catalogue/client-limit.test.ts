import { randomUUID } from 'node:crypto';
import { createServiceHarness, type ServiceHarness, standingClock } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
/** What is limited: a search, and one scholarship, which is the only one and public. */
let paths: { search: string; one: string };
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' }, clock: standingClock() });
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
      const statuses = await statusesOf(path, 150, () => client);
      const found = statuses.filter((status) => status === 200).length;
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      expect(found).toBe(120);
      shown += found;
    }
    const refused = await read(path, clients[0] ?? {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    expect((await a2.events()).slice(before)).toHaveLength(shown);
  });

  test('lets neither another client, nor our services, nor probes wait for one who is busy', async () => {
    const path = paths[what];
    const busy = await statusesOf(path, 150, () => ({ 'x-forwarded-for': '203.0.113.8' }));
    expect(busy.filter((status) => status === 429)).toHaveLength(30);
    const token = await a2.identity.serviceToken('scholarship_agent');
    expect(await statusesOf(path, 1, () => ({ 'x-forwarded-for': '203.0.113.9' }))).toEqual([200]);
    const allowed = [
      () => bearer(token),
      () => ({ 'x-forwarded-for': '203.0.113.8', 'x-scholar-canary': a2.canaryToken() }),
    ];
    for (const headers of allowed)
      expect(new Set(await statusesOf(path, 150, headers))).toEqual(new Set([200]));
  });

  test('takes the addresses of one IPv6 network for one client', async () => {
    let count = 0;
    const statuses = await statusesOf(paths[what], 121, () => {
      count += 1;
      return { 'x-forwarded-for': `2001:db8:0:7::${count.toString(16)}` };
    });
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(await statusesOf(paths[what], 1, () => ({ 'x-forwarded-for': '2001:db8:0:8::1' }))).toEqual([200]);
  });
});
