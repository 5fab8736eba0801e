import type { StubAnswer, StubRequest } from '@scholar/runtime/testing';
import { createBrowser, createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const ONE = {
  title: 'Oak <Grant>',
  description: 'For people who plant & prune.',
  url: 'https://scholarships.example/oak',
  fields_of_study: ['agriculture', 'environmental-science'],
  amount_cents: 250_000,
  currency: 'USD',
  deadline: '2090-05-01',
  sample: true,
};
const NONE = { values: [], open_to_all: 0 };
const COUNTS = {
  total: 41,
  facets: {
    field: {
      values: [
        { value: 'environmental-science', count: 12 },
        { value: 'law', count: 3 },
      ],
      open_to_all: 5,
    },
    ...{ degree: NONE, region: NONE, citizenship: NONE },
  },
};

let rig: PilotRig;
/** Gives up so soon that a slow catalogue need not be slow for long. */
let hasty: PilotRig;
beforeAll(async () => {
  [rig, hasty] = await Promise.all([
    createPilotRig({ SEARCH_TIMEOUT: '9s' }),
    createPilotRig({ SEARCH_TIMEOUT: '300ms' }),
  ]);
});
afterAll(() => Promise.all([rig.close(), hasty.close()]));

type Catalogue = { list?: () => StubAnswer; counts?: () => StubAnswer };

function catalogue({ list, counts }: Catalogue = {}): void {
  const page = { status: 200, body: { scholarships: [ONE], next_cursor: 'bmV4dA' } };
  rig.answers.a2 = ({ path }: StubRequest) => {
    if (path.startsWith('/scholarships/facets')) return counts?.() ?? { status: 200, body: COUNTS };
    return list?.() ?? page;
  };
}

beforeEach(() => catalogue());

/** What scholarship_api was last asked, list and counts. */
function lastAsked(path: '/scholarships' | '/scholarships/facets'): URLSearchParams {
  const paths = rig.a2.requests.map((request) => new URL(request.path, 'http://a2'));
  return paths.findLast(({ pathname }) => pathname === path)?.searchParams ?? new URLSearchParams();
}

const open = (query = '') => createBrowser(rig.a5).get(`/scholarships${query}`);
/** Where the links of a page lead, as people would read them. */
const linksOf = (text: string) =>
  [...text.matchAll(/href="(\/scholarships[^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

test('somebody who is not signed in sees what is open, escaped, with amount, last day and where to apply', async () => {
  const { status, text } = await open();
  expect(status).toBe(200);
  const said = ['41 scholarships, the earliest deadline first', 'Oak &lt;Grant&gt;', '$2,500', '1 May 2090'];
  for (const one of [...said, 'agriculture, environmental science', 'plant &amp; prune', 'sample'])
    expect(text).toContain(one);
  expect(text).toContain('href="https://scholarships.example/oak"');
  expect(text).not.toMatch(/<script|style=|onclick/);
  expect(rig.a2.requests.at(-1)?.headers.authorization).toMatch(/^Bearer ey/);
});

test('who may apply is said in a line, with each limit that there is and no other', async () => {
  const limits = { citizenships: ['US', 'CA'], min_gpa: 3.2, max_income_band: 2, min_age: 18, max_age: null };
  const other = { ...ONE, fields_of_study: [], max_income_band: 5, max_age: 25 };
  const page = { scholarships: [{ ...ONE, ...limits, regions: ['new-york'] }, other], next_cursor: null };
  catalogue({ list: () => ({ status: 200, body: page }) });
  const { text } = await open();
  expect(text).toContain(
    'agriculture, environmental science · any level · New York · citizens of US, CA · a GPA of at least 3.2 · income bands 1 to 2 of 5 · aged 18 or more<',
  );
  expect(text).toContain('>any field · any level · any region · aged 25 or less<');
});

test('what was asked is asked of the catalogue, and stands in the form again', async () => {
  const { text } = await open(
    '?q=+green+%22tree%22&field=Environmental+Science&gpa=3%2C6&age=&income_band=2',
  );
  const asked = { q: 'green "tree"', field: 'environmental-science', gpa: '3.6', income_band: '2' };
  expect(Object.fromEntries(lastAsked('/scholarships'))).toEqual(asked);
  expect(Object.fromEntries(lastAsked('/scholarships/facets'))).toEqual(asked);
  expect(text).toContain('value="green &quot;tree&quot;"');
  expect(text).toContain('<input type="hidden" name="field" value="Environmental Science">');
  expect(text).toContain('value="3,6"');
  expect(text).toContain('<option value="2" selected>');
  expect(text).toContain('the best match first');
});

test('where words find nothing, what the catalogue takes them for is a link that keeps everything else', async () => {
  const nothing = { scholarships: [], next_cursor: null };
  catalogue({ list: () => ({ status: 200, body: { ...nothing, did_you_mean: 'oak <tree>' } }) });
  const { text } = await open('?q=okk+%3Ctree%3E&field=law&age=19');
  expect(text).toContain('Did you mean <a href="');
  expect(text).toContain('>oak &lt;tree&gt;</a>?');
  expect(linksOf(text)).toContain('/scholarships?q=oak+%3Ctree%3E&field=law&age=19');
  for (const odd of [7, '', 'x'.repeat(201), null]) {
    catalogue({ list: () => ({ status: 200, body: { ...nothing, did_you_mean: odd } }) });
    const page = await open('?q=okk');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Nothing in the catalogue fits')]);
    expect(page.text).not.toContain('Did you mean');
  }
});

test('a facet is a link that says how many it finds, and what was chosen is a link that takes it away', async () => {
  const { text } = await open('?q=tree&field=law&age=19&cursor=abc');
  expect(text).toContain('environmental science (17)');
  expect(linksOf(text)).toEqual(
    expect.arrayContaining([
      '/scholarships?q=tree&age=19',
      '/scholarships?q=tree&field=environmental-science&age=19',
    ]),
  );
  expect(text).toMatch(/aria-current="true">law \(8\)/);
});

test('the next page has the cursor and keeps the search, and the first page can be found again', async () => {
  const first = await open('?q=tree');
  expect(linksOf(first.text)).toContain('/scholarships?q=tree&cursor=bmV4dA');
  expect(first.text).not.toContain('First page');
  const next = await open('?q=tree&cursor=bmV4dA');
  expect(lastAsked('/scholarships').get('cursor')).toBe('bmV4dA');
  expect(lastAsked('/scholarships/facets').get('cursor')).toBeNull();
  expect(next.text).toContain('href="/scholarships?q=tree">First page');
});

test('a cursor that the catalogue does not take leads to the first page', async () => {
  catalogue({ list: () => ({ status: 422, body: {} }) });
  expect(await open('?q=tree&cursor=old')).toMatchObject({ status: 303, location: '/scholarships?q=tree' });
});

test('where nothing is found the page says so, and how to find more', async () => {
  catalogue({ list: () => ({ status: 200, body: { scholarships: [], next_cursor: null } }) });
  const { text } = await open('?q=unicorns&field=law');
  expect(text).toContain('Nothing in the catalogue fits');
  expect(linksOf(text)).toEqual(expect.arrayContaining(['/scholarships', '/scholarships?q=unicorns']));
});

test('a wrong value is said beside its field, is kept, and nothing is searched', async () => {
  const before = rig.a2.requests.length;
  const { status, text } = await open(`?gpa=9&q=${'x'.repeat(201)}`);
  expect(status).toBe(200);
  expect(text).toContain('id="field-gpa-error">This has to be a number from 0 to 4');
  expect(text).toContain('id="field-q-error"');
  expect(text).toContain('<details open>');
  expect(rig.a2.requests.length).toBe(before);
});

test.each<[string, () => StubAnswer]>([
  ['fails', () => ({ status: 500, body: {} })],
  ['refuses us', () => ({ status: 401, body: {} })],
  ['talks nonsense', () => ({ status: 200, body: { scholarships: 'many' } })],
])('when scholarship_api %s the page says so, and keeps what was asked', async (_case, list) => {
  catalogue({ list });
  const { status, text } = await open('?q=tree&field=law');
  expect(status).toBe(200);
  for (const said of ['not available just now', 'value="tree"', 'name="field" value="law"'])
    expect(text).toContain(said);
});

test('when scholarship_api is slow the page says so in time, and keeps what was asked', async () => {
  hasty.answers.a2 = () => new Promise((late) => setTimeout(() => late({ status: 200, body: {} }), 900));
  const { status, text } = await createBrowser(hasty.a5).get('/scholarships?q=tree');
  expect(status).toBe(200);
  for (const said of ['not available just now', 'value="tree"']) expect(text).toContain(said);
});

test('without counts the list is shown all the same', async () => {
  catalogue({ counts: () => ({ status: 429, body: {} }) });
  const { text } = await open();
  expect(text).toContain('Oak &lt;Grant&gt;');
  expect(text).not.toContain('<summary>Field of study');
});

test('an address that leads to no website is no link', async () => {
  const page = { scholarships: [{ ...ONE, url: 'javascript:alert(1)' }], next_cursor: null };
  catalogue({ list: () => ({ status: 200, body: page }) });
  expect((await open()).text).not.toContain('javascript:');
});
