import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { openState } from './state.ts';

const items = { id: 'cs_1', items: [] };

test('what was committed is there after a restart, and what was removed is not', async () => {
  const dir = await tempDir('state');
  const state = await openState(dir);
  await state.commit([
    { put: 'lineItems', value: items },
    { put: 'lineItems', value: { id: 'cs_2', items: [] } },
  ]);
  await state.commit([{ remove: 'lineItems', id: 'cs_2' }]);
  await state.close();
  const again = await openState(dir);
  expect(again.all('lineItems')).toEqual([items]);
  await again.close();
});

test('a line that a crash cut short is dropped and does not stop the start', async () => {
  const dir = await tempDir('state');
  const state = await openState(dir);
  await state.commit([{ put: 'lineItems', value: items }]);
  await state.close();
  await appendFile(join(dir, 'journal.jsonl'), '[{"put":"lineItems","val');
  const again = await openState(dir);
  expect(again.all('lineItems')).toEqual([items]);
  await again.close();
  expect(await readFile(join(dir, 'journal.jsonl'), 'utf8')).toMatch(/\]\n$/);
});

test('a broken line in the middle stops the start and is named', async () => {
  const dir = await tempDir('state');
  await writeFile(join(dir, 'journal.jsonl'), '[]\nnonsense\n[]\n');
  await expect(openState(dir)).rejects.toThrow('journal.jsonl:2 is not JSON');
});
