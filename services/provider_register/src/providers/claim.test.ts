import { randomUUID } from 'node:crypto';
import { askPersonalData } from '@scholar/runtime/testing';
import { browse, FORM } from '../testing/browse.ts';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

let rig: RegisterRig;
let send: ReturnType<typeof browse>['send'];
let signedInAs: ReturnType<typeof browse>['signedInAs'];
beforeAll(async () => {
  rig = await createRegisterRig();
  ({ send, signedInAs } = browse(rig));
});
afterAll(() => rig.close());

/** As a program registers. */
async function registered(): Promise<{ id: string; code: string }> {
  const response = await rig.a6.fetch('/providers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: FORM.name, email: FORM.email }),
  });
  const { provider_id: id, claim_code: code } = (await response.json()) as Record<string, string>;
  return { id: id ?? '', code: code ?? '' };
}

const { email, password } = FORM;

test('by the code that the program was told, an organisation without an account gets one, which alone sees its page from then on', async () => {
  const { id, code } = await registered();
  const open = await send(`/providers/${id}`);
  expect([open.status, open.page]).toEqual([200, expect.stringContaining(`href="/providers/${id}/claim"`)]);
  const subject = randomUUID();
  rig.answers.a1 = rig.account(subject);
  const claimed = await send(`/providers/${id}/claim`, { code, email, password });
  expect([claimed.status, claimed.to, claimed.cookies.length]).toEqual([303, `/providers/${id}`, 2]);
  expect((await send(`/providers/${id}`)).to).toBe('/login');
  const own = await send(`/providers/${id}`, undefined, await signedInAs(subject));
  expect(own.page).toContain('href="/scholarships">Your scholarships');
  expect((await send('/payments', undefined, await signedInAs(subject))).to).toBe(`/providers/${id}`);
  expect((await send(`/providers/${id}/claim`, { code, email, password })).to).toBe('/login');
});

test('who is signed in as a provider needs the code alone; an account has one organisation, and of two who claim at once one has it', async () => {
  const { id, code } = await registered();
  const subjects = [randomUUID(), randomUUID()];
  const claim = async (subject: string, at = { id, code }) =>
    send(`/providers/${at.id}/claim`, { code: at.code }, await signedInAs(subject));
  const both = await Promise.all(subjects.map((subject) => claim(subject)));
  expect(both.filter(({ status }) => status === 303)).toHaveLength(1);
  const [owner = ''] = subjects.filter((_, i) => both[i]?.status === 303);
  const another = await registered();
  const refused = await claim(owner, another);
  expect([refused.status, refused.page]).toEqual([
    422,
    expect.stringContaining('has an organisation already'),
  ]);
  const form = await send(`/providers/${another.id}/claim`, undefined, await signedInAs(randomUUID()));
  expect(form.page).not.toContain('name="password"');
});

test('without the code nobody has it, and no account is made: not by its address, nor by the code of another', async () => {
  const [{ id }, other] = [await registered(), await registered()];
  const before = rig.a1.requests.length;
  for (const code of ['', id, other.code, `${other.code}x`]) {
    const { status, page } = await send(`/providers/${id}/claim`, { code, email, password });
    expect([status, page]).toEqual([422, expect.stringContaining('id="field-code-error"')]);
    expect(page).toContain(`value="${email}"`);
    expect(page).not.toContain(password);
  }
  expect(rig.a1.requests.slice(before).filter(({ path }) => path === '/signup')).toEqual([]);
  const forged = await send(`/providers/${id}/claim`, {}, { 'sec-fetch-site': 'cross-site' });
  expect(forged.status).toBe(403);
});

test('what is kept is no code, and it goes with the claim and with an erasure', async () => {
  const [first, second] = [await registered(), await registered()];
  const rows = async () => (await rig.a6.pool.query('SELECT * FROM providers')).rows;
  expect(JSON.stringify(await rows())).not.toContain(first.code);
  await send(`/providers/${first.id}/claim`, { code: first.code }, await signedInAs(randomUUID()));
  await askPersonalData({ ...rig.a6, identity: rig.identity }).erase({ userId: randomUUID(), email });
  const kept = (await rows()).filter(({ id }) => [first.id, second.id].includes(id));
  expect(kept.map(({ claim_sha256 }) => claim_sha256)).toEqual([null, null]);
});

test('the page of an organisation that was erased opens for nobody, also when it had an account', async () => {
  const [subject, { id, code }] = [randomUUID(), await registered()];
  const headers = await signedInAs(subject);
  await send(`/providers/${id}/claim`, { code }, headers);
  await askPersonalData({ ...rig.a6, identity: rig.identity }).erase({ userId: subject, email: undefined });
  for (const who of [{}, headers, await signedInAs(randomUUID(), 'staff')])
    expect((await send(`/providers/${id}`, undefined, who)).status).toBe(404);
});

test('while scholar_auth is away the page says so, keeps what was typed, and the code still works', async () => {
  const { id, code } = await registered();
  rig.answers.a1 = () => ({ status: 503, body: 'away' });
  const away = await send(`/providers/${id}/claim`, { code, email, password });
  expect([away.status, away.page]).toEqual([200, expect.stringContaining('accounts cannot be reached')]);
  expect(away.page).toContain(`value="${code}"`);
  rig.answers.a1 = rig.account();
  expect((await send(`/providers/${id}/claim`, { code, email, password })).status).toBe(303);
});
