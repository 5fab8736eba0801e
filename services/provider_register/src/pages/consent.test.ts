import { randomUUID } from 'node:crypto';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

let rig: RegisterRig;
beforeAll(async () => {
  rig = await createRegisterRig();
});
afterAll(() => rig.close());

const AGREED = 'scholar_consent=views';
const look = (path: string, cookie = '', accept = 'text/html') =>
  rig.a6.fetch(path, { headers: { accept, cookie } });
const session = async (subject: string) =>
  `scholar_session=${await rig.identity.userToken({ subject, roles: ['provider'] })}`;
const views = async () =>
  (await rig.a6.events()).map(({ event }) => event).filter(({ event_type }) => event_type === 'PageView');

test('nobody is counted who has not agreed; who has is counted by the route, once a page', async () => {
  expect(await (await look('/')).text()).toContain('Do not count them');
  await look('/login', 'scholar_consent=none');
  expect(await views()).toEqual([]);
  const subject = randomUUID();
  await look('/', AGREED);
  await look('/my-data', `${AGREED}; ${await session(subject)}`);
  expect(await views()).toMatchObject([
    { actor_id: 'anonymous', source: '/' },
    { actor_id: subject, source: '/my-data' },
  ]);
});

test('what leads elsewhere, and what a program reads, is no look at a page', async () => {
  const before = (await views()).length;
  expect((await look('/my-data', AGREED)).status).toBe(303);
  // The start page leads providers on to what is theirs.
  await look('/', `${AGREED}; ${await session(randomUUID())}`);
  await look(`/providers/${randomUUID()}`, AGREED, 'application/json');
  expect((await look(`/providers/${randomUUID()}`, AGREED)).status).toBe(404);
  expect((await views()).length).toBe(before);
});

test('the page of a provider is counted once it is shown, by its route', async () => {
  const before = (await views()).length;
  const made = await rig.a6.fetch('/providers', {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ name: 'Harbour Trust', email: 'office@harbour.example' }),
  });
  expect((await look(made.headers.get('location') ?? '', AGREED)).status).toBe(200);
  expect((await views()).slice(before)).toMatchObject([{ source: '/providers/{id}' }]);
});

test('a provider takes the data out and deletes the account here as well, with the password', async () => {
  const id = randomUUID();
  rig.answers.a1 = ({ path }) =>
    path === '/privacy/erasures'
      ? { status: 202, body: { request_id: id } }
      : { status: 200, body: { complete: true, missing: [], services: {} } };
  const cookie = await session(randomUUID());
  const send = (path: string, fields: Record<string, string>) =>
    rig.a6.fetch(path, {
      method: 'POST',
      headers: { accept: 'text/html', cookie },
      body: new URLSearchParams(fields),
    });
  const taken = await send('/my-data/export', { export_password: 'p' });
  expect(await taken.json()).toMatchObject({ complete: true });
  const erased = await send('/my-data/erase', { erase_password: 'p' });
  expect([erased.status, erased.headers.get('location')]).toEqual([303, `/my-data/erasures/${id}`]);
  expect(erased.headers.getSetCookie().join('\n')).toMatch(/scholar_session=;/);
});
