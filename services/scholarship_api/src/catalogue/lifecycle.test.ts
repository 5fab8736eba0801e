import { lifecycleRefusal, mayDelete } from './lifecycle.ts';
import { STATUSES } from './scholarship.ts';

const TODAY = '2026-03-01';
const refusal = (from: (typeof STATUSES)[number] | undefined, status: (typeof STATUSES)[number]) =>
  lifecycleRefusal(from, { status, deadline: null }, TODAY)?.pointer;

test('a draft is published, what is published expires, what has expired may come back, and nothing becomes a draft again', () => {
  const refused = [undefined, ...STATUSES].flatMap((from) =>
    STATUSES.filter((to) => refusal(from, to) === '/status').map((to) => `${from ?? 'new'} → ${to}`),
  );
  expect(refused).toEqual(['new → expired', 'draft → expired', 'published → draft', 'expired → draft']);
});

test('nothing is published after its last day, but what is public may be corrected after it', () => {
  const over = { status: 'published', deadline: '2026-02-28' } as const;
  expect(lifecycleRefusal('draft', over, TODAY)?.pointer).toBe('/deadline');
  expect(lifecycleRefusal('expired', over, TODAY)?.pointer).toBe('/deadline');
  expect(lifecycleRefusal(undefined, over, TODAY)?.pointer).toBe('/deadline');
  expect(lifecycleRefusal('published', over, TODAY)).toBeUndefined();
  expect(lifecycleRefusal('draft', { ...over, deadline: TODAY }, TODAY)).toBeUndefined();
});

test('only drafts are deleted', () => {
  expect(STATUSES.filter((status) => mayDelete({ status }))).toEqual(['draft']);
});
