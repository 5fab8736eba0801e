import { randomUUID } from 'node:crypto';
import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { z } from 'zod';
import { service } from '../service.ts';
import { idOfNew } from './idempotency.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue, type Page } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
let ask: ReturnType<typeof askCatalogue>;
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  ask = askCatalogue(a2);
});
afterAll(() => a2.stop());

const DRAFT = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };

async function make(owner: string, key: string, input: object = DRAFT) {
  const response = await a2.fetch('/scholarships', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await ask.provider(owner)}`,
      'idempotency-key': key,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Scholarship };
}

const mine = async (owner: string) => {
  const headers = { authorization: `Bearer ${await ask.provider(owner)}` };
  return (await ask.get<Page>('/scholarships/mine', headers)).body.scholarships;
};

test('with one key one scholarship is made, however often and at once it is asked for, as it was asked for first', async () => {
  const [owner, key] = [randomUUID(), randomUUID()];
  const answers = await Promise.all(Array.from({ length: 5 }, () => make(owner, key)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 201]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  const late = await make(owner, key, { ...DRAFT, title: 'Another title' });
  expect([late.status, late.body.title]).toEqual([200, DRAFT.title]);
  expect(await mine(owner)).toHaveLength(1);
});

test('another key, another owner, and no key at all are another scholarship', async () => {
  const [owner, other, key] = [randomUUID(), randomUUID(), randomUUID()];
  const made = [await make(owner, key), await make(owner, randomUUID()), await make(other, key)];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
  for (let i = 0; i < 2; i += 1) await ask.send('POST', '/scholarships', DRAFT, await ask.provider(owner));
  expect([(await mine(owner)).length, (await mine(other)).length]).toEqual([4, 1]);
});

test('a deleted draft may be made anew, and what is no key is refused in words', async () => {
  const [owner, key] = [randomUUID(), randomUUID()];
  const { body } = await make(owner, key);
  await ask.send('DELETE', `/scholarships/${body.id}`, undefined, await ask.provider(owner));
  expect((await make(owner, key)).status).toBe(201);
  for (const wrong of ['two words', 'x'.repeat(101), '"quoted"'])
    expect((await make(owner, wrong)).status).toBe(422);
});

test('the id of a key is a uuid, and always the same', () => {
  const id = idOfNew('owner', 'key');
  expect(z.uuid().parse(id)).toBe(id);
  expect(idOfNew('owner', 'key')).toBe(id);
  // What ends one and begins the other is no way to somebody else's.
  expect(idOfNew('ownerk', 'ey')).not.toBe(id);
});
