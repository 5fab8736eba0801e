import { randomUUID } from 'node:crypto';
import {
  askPersonalData,
  createServiceHarness,
  type FaultProxy,
  startFaultProxy,
  waitFor,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { browse, FORM } from '../testing/browse.ts';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';
import { newClaim } from './claim.ts';

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

test('who registered it neither sees nor erases what belongs to the account that claimed it', async () => {
  const { id, code } = await registered();
  const subject = randomUUID();
  const asks = askPersonalData({ ...rig.a6, identity: rig.identity });
  const agency = { userId: randomUUID(), email };
  expect((await asks.find(agency)).actors).toContain(id);
  await send(`/providers/${id}/claim`, { code }, await signedInAs(subject));
  expect((await asks.find(agency)).actors).not.toContain(id);
  await asks.erase(agency);
  const { found, actors } = await asks.find({ userId: subject, email: undefined });
  expect(actors).toEqual([id]);
  expect(found).toMatchObject({ providers: [{ id, name: FORM.name, email: '[of its account]' }] });
});

test('an erasure takes an address away from what belongs to another account, and nothing else of it', async () => {
  const [id, address] = [randomUUID(), 'someone@harbour.example'];
  await rig.a6.pool.query(
    `INSERT INTO providers (id, name, email, user_id) VALUES ($1, 'Harbour Trust', $2, $3)`,
    [id, address, randomUUID()],
  );
  const asks = askPersonalData({ ...rig.a6, identity: rig.identity });
  await asks.erase({ userId: randomUUID(), email: address });
  const { rows } = await rig.a6.pool.query('SELECT name, email FROM providers WHERE id = $1', [id]);
  expect(rows).toEqual([{ name: 'Harbour Trust', email: '[of its account]' }]);
});

describe('of two at once', () => {
  const text = 'UPDATE providers SET user_id = $2, claim_sha256 = NULL WHERE id = $1';

  /** Sends a claim while another one holds the database, which then happens first. */
  async function whoIsLate(first: { text: string; values: string[] }, claim: () => ReturnType<typeof send>) {
    const other = await rig.a6.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query(first.text, first.values);
      const late = claim();
      await waitFor(
        async () => {
          const { rowCount } = await rig.a6.pool.query(
            `SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE providers%'`,
          );
          return rowCount === 1;
        },
        { what: 'a claim that waits for another' },
      );
      await other.query('COMMIT');
      return await late;
    } finally {
      other.release(true);
    }
  }

  test('with one code the late one is told that the organisation has an account, not that it has another', async () => {
    const { id, code } = await registered();
    const headers = await signedInAs(randomUUID());
    const late = await whoIsLate({ text, values: [id, randomUUID()] }, () =>
      send(`/providers/${id}/claim`, { code }, headers),
    );
    expect([late.status, late.page]).toEqual([
      409,
      expect.stringContaining('This organisation has an account'),
    ]);
  });

  test('by one account for two organisations the late one is told that it has one, and its code still works', async () => {
    const [first, second] = [await registered(), await registered()];
    const subject = randomUUID();
    const headers = await signedInAs(subject);
    const claim = (who: Record<string, string>) =>
      send(`/providers/${second.id}/claim`, { code: second.code }, who);
    const late = await whoIsLate({ text, values: [first.id, subject] }, () => claim(headers));
    expect([late.status, late.page]).toEqual([422, expect.stringContaining('has an organisation already')]);
    expect(late.page).toContain(`value="${second.code}"`);
    expect((await claim(await signedInAs(randomUUID()))).status).toBe(303);
  });

  test('by one account for one organisation, as by a double click, both lead to it', async () => {
    const { id, code } = await registered();
    const subject = randomUUID();
    const headers = await signedInAs(subject);
    const late = await whoIsLate({ text, values: [id, subject] }, () =>
      send(`/providers/${id}/claim`, { code }, headers),
    );
    expect([late.status, late.to]).toEqual([303, `/providers/${id}`]);
  });
});

test('while the database is away the form comes back with code and address, and says to send it again', async () => {
  let way: FaultProxy | undefined;
  const a6 = await createServiceHarness(service, {
    async databaseBy(url) {
      way = await startFaultProxy(url);
      return way.url;
    },
  });
  try {
    way?.break('gone');
    const { code } = newClaim();
    const place = `/providers/${randomUUID()}/claim`;
    const { status, page } = await browse({ a6, identity: a6.identity }).send(place, {
      code,
      email,
      password,
    });
    expect([status, page]).toEqual([503, expect.stringContaining('please send it again in a moment')]);
    for (const typed of [code, email]) expect(page).toContain(`value="${typed}"`);
    expect(page).toContain(`action="${place}"`);
    expect(page).not.toContain(password);
  } finally {
    way?.heal();
    await a6.stop();
    await way?.close();
  }
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
