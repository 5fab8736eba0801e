import { waitFor } from '@scholar/runtime/testing';
import { type PageMakerRig, scholarship, startPageMaker } from '../testing/page-maker-rig.ts';

const BASE = 'https://scholarships.example';
/** Two whole pages and one scholarship on a third. */
const ALL = Array.from({ length: 121 }, (_, index) => `n${String(index).padStart(3, '0')}`);

let rig: PageMakerRig;
beforeAll(async () => {
  rig = await startPageMaker({ A7_PUBLIC_URL: BASE });
  rig.setCatalogue(ALL.map((id) => scholarship(id)));
  await waitFor(async () => (await rig.page('/?page=3')).includes('Award n120'));
});
afterAll(() => rig.stop());

const titlesOn = (page: string) => [...page.matchAll(/>Award (n\d{3})<\/a><\/h2>/g)].map(([, id]) => id);

test.each(['/', '/p/field-computer-science', '/p/region-ontario'])(
  'the pages of %s lead from one to the next and back, with each scholarship once; each names its own address',
  async (start) => {
    const seen: unknown[] = [];
    let path: string | undefined = start;
    for (let count = 1; path !== undefined; count += 1) {
      const page: string = await rig.page(path);
      seen.push(...titlesOn(page));
      expect(page).toContain(`<link rel="canonical" href="${BASE}${path}">`);
      expect(page.includes(', page ')).toBe(count > 1);
      const before = /rel="prev" href="([^"]+)"/.exec(page)?.[1];
      expect(before).toBe(count === 1 ? undefined : count === 2 ? start : `${start}?page=${count - 1}`);
      path = /rel="next" href="([^"]+)"/.exec(page)?.[1];
    }
    expect(seen).toEqual(ALL);
  },
);

test('lists of search engines go on counting from page to page', async () => {
  const [, json = ''] = /ld\+json">(.*?)<\/script>/s.exec(await rig.page('/?page=2')) ?? [];
  expect(json).toContain('"position":61,"name":"Award n060"');
});

test.each(['/?page=4', '/?page=0', '/?page=x', '/?page=1&page=2', '/p/field-computer-science?page=99'])(
  '%s is a page that does not exist',
  async (path) => {
    expect((await rig.fetch(path, { headers: { accept: 'text/html' } })).status).toBe(404);
  },
);

test('a kept copy of each page holds for that page alone', async () => {
  const tags = await Promise.all(
    ['/', '/?page=2'].map(async (path) => (await rig.fetch(path)).headers.get('etag') ?? ''),
  );
  expect(new Set(tags).size).toBe(2);
  const ask = (path: string, tag = '') =>
    rig.fetch(path, { headers: { 'cache-control': 'max-age=0', 'if-none-match': tag } });
  expect((await ask('/?page=2', tags[1])).status).toBe(304);
  expect((await ask('/?page=2', tags[0])).status).toBe(200);
});
