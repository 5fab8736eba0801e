import { waitFor } from '@scholar/runtime/testing';
import { type PageMakerRig, scholarship, startPageMaker } from '../testing/page-maker-rig.ts';

const BASE = 'https://scholarships.example';

let rig: PageMakerRig;
beforeAll(async () => {
  rig = await startPageMaker({ A7_PUBLIC_URL: `${BASE}/` });
  rig.setCatalogue([
    scholarship('s1', { title: 'Merit </script><b>', description: 'For A & B.' }),
    scholarship('s2', { regions: ['new-york'] }),
  ]);
  await waitFor(async () => (await rig.page('/')).includes('Award s2'));
});
afterAll(() => rig.stop());

const addresses = async (): Promise<string[]> =>
  [...(await rig.page('/sitemap.xml')).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => url ?? '');

const dataIn = (page: string): { '@graph': Record<string, unknown>[] } =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)?.[1] ?? 'null');

// As a browser asks when a page is looked at again; without the first, fetch itself would say that it wants no copy.
const askAgain = (path: string, tag: string) =>
  rig.fetch(path, { headers: { 'cache-control': 'max-age=0', 'if-none-match': tag } });

const tagOf = async (path: string): Promise<string> => (await rig.fetch(path)).headers.get('etag') ?? '';

test('the sitemap has every page once, each of them answers and names that address as its own', async () => {
  const response = await rig.fetch('/sitemap.xml');
  expect(response.headers.get('content-type')).toMatch(/^application\/xml/);
  const all = await addresses();
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(
    expect.arrayContaining([`${BASE}/`, `${BASE}/p/field-computer-science`, `${BASE}/p/region-new-york`]),
  );
  expect(all).toHaveLength(6);
  for (const address of all) {
    const page = await rig.page(address.slice(BASE.length));
    expect(page).toContain(`<link rel="canonical" href="${address}">`);
    expect(page).toMatch(/<meta name="description" content="[^"]+">/);
    expect(page).toMatch(/<meta property="og:title" content="[^"]+">/);
    expect(dataIn(page)['@graph'].length).toBeGreaterThan(0);
  }
});

test('robots are led to the sitemap and kept from the form and from the thanks', async () => {
  const robots = await rig.page('/robots.txt');
  expect(robots).toContain(`Sitemap: ${BASE}/sitemap.xml`);
  expect(robots).toContain('Disallow: /leads');
  expect(await rig.page('/thanks')).toContain('<meta name="robots" content="noindex">');
});

test('a scholarship is told as structured data, and no title of the catalogue ends the data', async () => {
  const address = (await addresses()).find((url) => url.includes('/p/merit')) ?? '';
  const page = await rig.page(address.slice(BASE.length));
  expect(page).toContain('<strong>$4,900</strong>');
  const [grant, way] = dataIn(page)['@graph'];
  expect(grant).toEqual({
    '@type': 'MonetaryGrant',
    name: 'Merit </script><b>',
    description: 'For A & B.',
    url: address,
    amount: { '@type': 'MonetaryAmount', currency: 'USD', value: 4_900 },
  });
  expect(way).toMatchObject({ '@type': 'BreadcrumbList' });
});

describe('a kept copy of a page', () => {
  test('holds as long as the page says the same: 304 without a body, though each page has a form token of its own', async () => {
    const tag = await tagOf('/');
    expect(tag).toMatch(/^W\/"/);
    expect(await tagOf('/')).toBe(tag);
    const again = await askAgain('/', tag);
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('cache-control')).toBe('public, no-cache');
  });

  test('holds no longer when the catalogue has changed', async () => {
    const tag = await tagOf('/');
    rig.setCatalogue([scholarship('s1'), scholarship('s2', { regions: ['new-york'] }), scholarship('s3')]);
    await waitFor(async () => (await rig.page('/')).includes('Award s3'));
    const again = await askAgain('/', tag);
    expect([again.status, (await again.text()).includes('Award s3')]).toEqual([200, true]);
  });
});

test('without a public address pages name the one that they were asked at', async () => {
  const lonely = await startPageMaker();
  try {
    expect(await lonely.page('/')).toContain(`<link rel="canonical" href="${lonely.url}/">`);
  } finally {
    await lonely.stop();
  }
});
