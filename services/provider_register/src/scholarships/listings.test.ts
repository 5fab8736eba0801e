import { listingsLeft } from './listings.ts';

const [draft, staffs, own, old] = [
  { status: 'draft', took_listing: false },
  { status: 'published', took_listing: false },
  { status: 'expired', took_listing: true },
  { status: 'published' },
] as const;

test.each([
  [2, [draft, staffs, own], 1],
  [1, [staffs, staffs], 1],
  [1, [own, own], 0],
  [2, [draft, old], 1],
])('of %i paid listings with %j these are left: %i', (paid, scholarships, left) => {
  expect(listingsLeft(paid, scholarships)).toBe(left);
});
