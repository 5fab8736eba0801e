import { barriersOf, beyondTheEdge, browserPath, launchBrowser } from '@scholar/runtime/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const executable = browserPath();
const inBrowser = executable === undefined ? describe.skip : describe;

const FIELDS = Array.from({ length: 50 }, (_, i) => ({ value: `environmental-science-${i}`, count: 50 - i }));
const FACET = { values: FIELDS, open_to_all: 3 };
const COUNTS = { total: 4_321, facets: { degree: FACET, field: FACET, region: FACET, citizenship: FACET } };
const ONE = {
  title: 'The Grant of the Environmental-Science-and-Everything-Else Foundation',
  description: `For people who write ${'long'.repeat(30)} words.`,
  url: 'https://scholarships.example/oak',
  amount_cents: 250_000,
  currency: 'USD',
  deadline: '2090-05-01',
};

inBrowser('the search in a real browser', () => {
  let rig: PilotRig;
  let browser: Browser;

  beforeAll(async () => {
    [rig, browser] = await Promise.all([
      createPilotRig({ SEARCH_TIMEOUT: '9s' }),
      launchBrowser(executable ?? ''),
    ]);
    rig.answers.a2 = ({ path }) => ({
      status: 200,
      body: path.startsWith('/scholarships/facets')
        ? COUNTS
        : { scholarships: Array(20).fill(ONE), next_cursor: 'bmV4dA' },
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await rig?.close();
  });

  async function on<T>(
    screen: { width: number; colorScheme: 'light' | 'dark'; javaScriptEnabled?: boolean },
    act: (page: Page) => Promise<T>,
  ): Promise<T> {
    const { width, ...rest } = screen;
    const context = await browser.newContext({ viewport: { width, height: 740 }, ...rest });
    context.setDefaultTimeout(60_000);
    try {
      return await act(await context.newPage());
    } finally {
      await context.close();
    }
  }

  test('without a script somebody searches, narrows by a facet, turns the page, and finds what was typed again', async () => {
    await on({ width: 360, colorScheme: 'dark', javaScriptEnabled: false }, async (page) => {
      await page.goto(`${rig.a5.url}/scholarships`);
      await page.getByRole('searchbox', { name: 'Search' }).fill('green "trees"');
      await page.getByText('What you bring').click();
      await page.getByLabel('GPA').fill('3.6');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL(/gpa=3\.6/);
      await page.getByText('Field of study', { exact: true }).click();
      await page.getByRole('link', { name: 'environmental science 7 (46)' }).first().click();
      await page.waitForURL(/field=environmental-science-7/);
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.waitForURL(/cursor=bmV4dA/);
      expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('green "trees"');
      expect(await page.getByLabel('GPA').inputValue()).toBe('3.6');
      const asked = { q: 'green "trees"', gpa: '3.6', field: 'environmental-science-7' };
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ ...asked, cursor: 'bmV4dA' });
    });
  }, 120_000);

  test.each([
    { width: 360, colorScheme: 'dark' as const },
    { width: 1280, colorScheme: 'light' as const },
  ])(
    'at %o nothing bars anybody, and nothing is wider than the screen',
    async (screen) => {
      await on(screen, async (page) => {
        for (const query of [
          '',
          '?q=trees&field=environmental-science-7&gpa=9',
          '?field=environmental-science-7&cursor=a',
        ]) {
          await page.goto(`${rig.a5.url}/scholarships${query}`);
          await page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })",
          );
          expect([query, await beyondTheEdge(page), await barriersOf(page)]).toEqual([query, 0, []]);
        }
      });
    },
    120_000,
  );
});
