import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import type { Delivery, StripeEvent } from '../stripe-objects.ts';
import { openState } from './state.ts';

const NOW = Date.UTC(2026, 0, 31);
const items = { id: 'cs_1', items: [] };

test('what was committed is there after a restart, and what was removed is not', async () => {
  const dir = await tempDir('state');
  const state = await openState(dir, NOW);
  await state.commit([
    { put: 'lineItems', value: items },
    { put: 'lineItems', value: { id: 'cs_2', items: [] } },
  ]);
  await state.commit([{ remove: 'lineItems', id: 'cs_2' }]);
  await state.close();
  const again = await openState(dir, NOW);
  expect(again.all('lineItems')).toEqual([items]);
  await again.close();
});

test('a line that a crash cut short is dropped and does not stop the start', async () => {
  const dir = await tempDir('state');
  const state = await openState(dir, NOW);
  await state.commit([{ put: 'lineItems', value: items }]);
  await state.close();
  await appendFile(join(dir, 'journal.jsonl'), '[{"put":"lineItems","val');
  const again = await openState(dir, NOW);
  expect(again.all('lineItems')).toEqual([items]);
  await again.close();
  expect(await readFile(join(dir, 'journal.jsonl'), 'utf8')).toMatch(/\]\n$/);
});

test('a broken line in the middle stops the start and is named', async () => {
  const dir = await tempDir('state');
  await writeFile(join(dir, 'journal.jsonl'), '[]\nnonsense\n[]\n');
  await expect(openState(dir, NOW)).rejects.toThrow('journal.jsonl:2 is not JSON');
});

test('answers of yesterday and events of last month are forgotten, with their deliveries', async () => {
  const dir = await tempDir('state');
  const state = await openState(dir, NOW);
  const answer = (id: string, at: number) => ({ id, request: '', status: 200, body: {}, at });
  const event = (id: string, created: number) => ({ id, created }) as StripeEvent;
  await state.commit([
    { put: 'answers', value: answer('old', NOW - 90_000_000) },
    { put: 'answers', value: answer('new', NOW) },
    { put: 'events', value: event('evt_old', NOW / 1000 - 31 * 86_400) },
    { put: 'events', value: event('evt_new', NOW / 1000) },
    { put: 'deliveries', value: { id: 'del_1', event: 'evt_old' } as Delivery },
    { put: 'deliveries', value: { id: 'del_2', event: 'evt_new' } as Delivery },
  ]);
  await state.close();
  const again = await openState(dir, NOW);
  const ids = (['answers', 'events', 'deliveries'] as const).flatMap((name) =>
    again.all(name).map(({ id }) => id),
  );
  expect(ids).toEqual(['new', 'evt_new', 'del_2']);
  await again.close();
});
