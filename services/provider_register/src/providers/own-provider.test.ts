import { randomUUID } from 'node:crypto';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

const HTML = { accept: 'text/html' };

let rig: RegisterRig;
const owner = randomUUID();
const id = randomUUID();

beforeAll(async () => {
  rig = await createRegisterRig();
  rig.answers.a1 = rig.account(owner);
  const fields = {
    id,
    name: 'Harbour Trust',
    email: 'office@harbour.example',
    password: 'four words put together',
  };
  const made = await rig.a6.fetch('/providers', {
    ...{ method: 'POST', headers: HTML, redirect: 'manual' },
    body: new URLSearchParams(fields),
  });
  expect(made.headers.get('location')).toBe(`/providers/${id}`);
});
afterAll(() => rig.close());

const bearer = async (subject: string, role: string) => ({
  authorization: `Bearer ${await rig.identity.userToken({ subject, roles: [role] })}`,
});
const asked = (path: string, headers: Record<string, string>) =>
  rig.a6.fetch(`/providers/${id}${path}`, { headers, redirect: 'manual' });

test.each(['', '/orders/1', '/payments/cs_test_1'])(
  'what stands below a provider with an account (%j) is for this account and for staff; others learn nothing, not even that it is there',
  async (path) => {
    const there = path === '' ? 200 : 404;
    expect((await asked(path, await bearer(owner, 'provider'))).status).toBe(there);
    expect((await asked(path, await bearer(randomUUID(), 'staff'))).status).toBe(there);
    const other = await asked(path, await bearer(randomUUID(), 'provider'));
    expect([other.status, (await other.json()) as unknown]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found', detail: 'There is no such provider.' }),
    ]);
    expect((await asked(path, {})).status).toBe(401);
    const browser = await asked(path, HTML);
    expect([browser.status, browser.headers.get('location')]).toEqual([303, '/login']);
  },
);

test('nobody else begins a payment in the name of a provider', async () => {
  const begin = async (headers: Record<string, string>) =>
    (await rig.a6.fetch(`/providers/${id}/checkout`, { method: 'POST', headers, redirect: 'manual' })).status;
  expect(await begin({})).toBe(401);
  expect(await begin(await bearer(randomUUID(), 'provider'))).toBe(404);
  expect(rig.a2.requests.filter(({ path }) => path === '/checkout/sessions')).toEqual([]);
});
