import { randomUUID } from 'node:crypto';
import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
let ask: ReturnType<typeof askCatalogue>;
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  ask = askCatalogue(a2);
});
afterAll(() => a2.stop());

const DRAFT = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };

async function draftOf(owner: string, input: object = {}): Promise<Scholarship> {
  const made = await ask.send('POST', '/scholarships', { ...DRAFT, ...input }, await ask.provider(owner));
  return (await made.json()) as Scholarship;
}

const answerOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { code?: string }),
});

/** As provider_register asks. */
async function publish(id: string, body: object, label = 'provider_register') {
  const token = await a2.identity.serviceToken(label);
  return answerOf(await ask.send('POST', `/scholarships/${id}/publish`, body, token));
}

const statusesOf = async (owner: string) => {
  const { rows } = await a2.pool.query<{ status: string }>(
    'SELECT status FROM scholarships WHERE owner_provider_id = $1 ORDER BY status DESC',
    [owner],
  );
  return rows.map(({ status }) => status);
};

test('the token of a provider publishes nothing for the first time, whatever was paid, and is told where to go', async () => {
  const owner = randomUUID();
  const token = await ask.provider(owner);
  const { id } = await draftOf(owner);
  const refused = { status: 403, code: 'listing_required', detail: expect.stringContaining('paid listing') };
  const published = { status: 'published' };
  const change = await ask.send('PATCH', `/scholarships/${id}`, published, token);
  expect(await answerOf(change)).toMatchObject(refused);
  const made = await ask.send('POST', '/scholarships', { ...DRAFT, ...published }, token);
  expect(await answerOf(made)).toMatchObject(refused);
  const asService = await ask.send(
    'POST',
    `/scholarships/${id}/publish`,
    { owner_provider_id: owner, listings: 9 },
    token,
  );
  expect(await answerOf(asService)).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await statusesOf(owner)).toEqual(['draft']);
});

test('provider_register publishes as many as listings were paid for; what was public once needs none to come back', async () => {
  const owner = randomUUID();
  const paid = { owner_provider_id: owner, listings: 1 };
  const [first, second] = [await draftOf(owner), await draftOf(owner)];
  expect(await publish(first.id, { ...paid, listings: 0 })).toMatchObject({
    status: 403,
    code: 'listing_unpaid',
  });
  expect(await publish(first.id, paid)).toMatchObject({ id: first.id, status: 'published' });
  // A second click.
  expect(await publish(first.id, paid)).toMatchObject({ id: first.id, status: 'published' });
  expect(await publish(second.id, paid)).toMatchObject({ status: 403, code: 'listing_unpaid' });
  const token = await ask.provider(owner);
  for (const status of ['expired', 'published'])
    expect((await ask.send('PATCH', `/scholarships/${first.id}`, { status }, token)).status).toBe(200);
  expect(await statusesOf(owner)).toEqual(['published', 'draft']);
});

test('what staff published, and what was public before listings were noted, uses up none', async () => {
  const owner = randomUUID();
  const paid = { owner_provider_id: owner, listings: 1 };
  const [ofStaff, old, own, more] = [
    ...[await draftOf(owner), await draftOf(owner), await draftOf(owner), await draftOf(owner)],
  ];
  if (!ofStaff || !old || !own || !more) throw new Error('the drafts were not made');
  const staff = await a2.identity.userToken({ roles: ['staff'] });
  expect((await ask.send('POST', `/scholarships/${ofStaff.id}/publish`, {}, staff)).status).toBe(200);
  await a2.pool.query(`UPDATE scholarships SET status = 'published' WHERE id = $1`, [old.id]);
  // Nor does it when it ends and comes back.
  const token = await ask.provider(owner);
  for (const status of ['expired', 'published'])
    expect((await ask.send('PATCH', `/scholarships/${old.id}`, { status }, token)).status).toBe(200);
  expect(await publish(own.id, paid)).toMatchObject({ id: own.id, status: 'published' });
  expect(await publish(more.id, paid)).toMatchObject({ status: 403, code: 'listing_unpaid' });
  const mine = await ask.get<{ scholarships: { id: string; took_listing: boolean }[] }>(
    '/scholarships/mine',
    {
      authorization: `Bearer ${token}`,
    },
  );
  const taken = mine.body.scholarships.filter(({ took_listing }) => took_listing).map(({ id }) => id);
  expect(taken).toEqual([own.id]);
});

test('of many drafts that are published at once with one listing one is public', async () => {
  const owner = randomUUID();
  const drafts = await Promise.all(Array.from({ length: 6 }, () => draftOf(owner)));
  const answers = await Promise.all(
    drafts.map(({ id }) => publish(id, { owner_provider_id: owner, listings: 1 })),
  );
  const codes = answers.map(({ code = 'published' }) => code).toSorted();
  expect(codes).toEqual([...Array(5).fill('listing_unpaid'), 'published']);
  expect(await statusesOf(owner)).toEqual(['published', ...Array(5).fill('draft')]);
});

test('no other service publishes, and none without saying for whom and how much was paid; staff does', async () => {
  const owner = randomUUID();
  const { id } = await draftOf(owner);
  const paid = { owner_provider_id: owner, listings: 3 };
  expect(await publish(id, paid, 'auto_page_maker')).toMatchObject({ status: 403, code: 'forbidden' });
  for (const left of ['owner_provider_id', 'listings'])
    expect(await publish(id, { ...paid, [left]: undefined })).toMatchObject({
      status: 422,
      errors: [{ pointer: `/${left}` }],
    });
  expect(await publish(id, { ...paid, owner_provider_id: randomUUID() })).toMatchObject({ status: 403 });
  expect(await publish(randomUUID(), paid)).toMatchObject({ status: 404 });
  const staff = await a2.identity.userToken({ roles: ['staff'] });
  const response = await ask.send('POST', `/scholarships/${id}/publish`, {}, staff);
  expect([response.status, await statusesOf(owner)]).toEqual([200, ['published']]);
});

test('nothing is published after its last day, nor as another than its sender saw it', async () => {
  const owner = randomUUID();
  const paid = { owner_provider_id: owner, listings: 3 };
  const over = await draftOf(owner, { deadline: '2020-01-31' });
  expect(await publish(over.id, paid)).toMatchObject({ status: 422, errors: [{ pointer: '/deadline' }] });
  const { id, revision } = await draftOf(owner);
  const as = async (ifMatch: string) =>
    a2.fetch(`/scholarships/${id}/publish`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await a2.identity.serviceToken('provider_register')}`,
        'if-match': ifMatch,
      },
      body: JSON.stringify(paid),
    });
  expect((await as('"0"')).status).toBe(412);
  const done = await as(`"${revision}"`);
  const { revision: next } = (await done.json()) as Scholarship;
  expect([done.status, done.headers.get('etag')]).toEqual([200, `"${next}"`]);
});
