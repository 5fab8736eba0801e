import { standingClock } from '@scholar/runtime/testing';
import { createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({}, standingClock());
  rig.answers.a2 = () => ({ status: 200, body: { scholarships: [], next_cursor: null } });
});
afterAll(() => rig.close());

const search = (headers: Record<string, string>) =>
  rig.a5.fetch('/scholarships?q=nursng', { headers: { accept: 'text/html', ...headers } });
const answersOf = (count: number, headers: () => Record<string, string>) =>
  Promise.all(Array.from({ length: count }, () => search(headers())));
/** How often scholarship_api was asked for a list. */
const lists = () => rig.a2.requests.filter(({ path }) => path.startsWith('/scholarships?')).length;
const refusedOf = (answers: readonly Response[]) => answers.filter(({ status }) => status === 429);

test('who searches all the time gets a page that says when to come again, and scholarship_api is asked for none of it', async () => {
  const token = await rig.identity.userToken({ subject: 'busy' });
  for (const client of [{ 'x-forwarded-for': '203.0.113.7' }, { cookie: `scholar_session=${token}` }]) {
    const before = lists();
    const refused = refusedOf(await answersOf(80, () => client));
    expect(refused).toHaveLength(20);
    expect(lists() - before).toBeLessThanOrEqual(60);
    const page = refused[0];
    expect([page?.headers.get('retry-after'), page?.headers.get('content-type')]).toEqual([
      '1',
      expect.stringContaining('text/html'),
    ]);
    expect(await page?.text()).toContain('You ask more often than one may');
  }
});

test('nobody waits for another, but the addresses of one IPv6 network are one client, and probes are none', async () => {
  let count = 0;
  const moving = () => {
    count += 1;
    return { 'x-forwarded-for': `2001:db8:0:7::${count.toString(16)}` };
  };
  expect(refusedOf(await answersOf(61, moving))).toHaveLength(1);
  expect((await search({ 'x-forwarded-for': '2001:db8:0:8::1' })).status).toBe(200);
  const probe = () => ({ ...moving(), 'x-scholar-canary': rig.a5.canaryToken() });
  expect(refusedOf(await answersOf(70, probe))).toEqual([]);
});
