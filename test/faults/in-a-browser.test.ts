import { randomUUID } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import { barriersOf, beyondTheEdge, browserPath, launchBrowser } from '@scholar/runtime/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Rig, startRig } from './rig.ts';
import { pilot } from './subjects/student-pilot.ts';
import { startWorld, type World } from './world.ts';

const PATIENCE_MS = 180_000;

const executable = browserPath();
// Said by the count of skipped tests, and how to have them: make browser.
const inBrowser = executable === undefined ? describe.skip : describe;

inBrowser('a student on a phone, while something is away or slow', () => {
  let world: World;
  let rig: Rig;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    [rig, browser] = await Promise.all([startRig(pilot, world), launchBrowser(executable ?? '')]);
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await rig?.close();
    await world?.close();
  }, PATIENCE_MS);

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    context.setDefaultTimeout(60_000);
    const value = await world.identity.userToken({ subject: `student-${randomUUID()}` });
    await context.addCookies([{ name: 'scholar_session', value, url: rig.harness.url }]);
    page = await context.newPage();
  });

  afterEach(async () => {
    for (const away of ['A1', 'A3', 'forwarder', 'A8'] as const) rig.way(away).heal();
    await context.close();
  });

  const open = (path: string) => page.goto(`${rig.harness.url}${path}`);
  const press = async (name: string) => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  };
  /** What is said out loud, which nothing else on the page may hide. */
  const alert = () => page.getByRole('alert').first().textContent();

  /** Asks until there is an answer: on a busy machine matching may be slow without any help. */
  const findMatches = () =>
    waitFor(
      async () => {
        await press('Find my matches');
        return (await page.getByText('Halcyon Grant').count()) > 0;
      },
      { timeoutMs: 90_000, what: 'matches' },
    );
  /** Requests for matches that were noted, each of which is an event, and those whose event is a row in A8. */
  const asked = async () => (await rig.harness.pool.query('SELECT FROM match_requests')).rowCount ?? 0;
  const arrived = () => rig.arrived('ScholarshipMatchRequested');

  async function everybodyCanUseIt(): Promise<void> {
    expect([await barriersOf(page), await beyondTheEdge(page)]).toEqual([[], 0]);
  }

  test(
    'matching that is slow is not waited for: the page says so, keeps what was entered, and works again by itself',
    async () => {
      await open('/matches');
      await page.getByLabel('Field of study').fill('nursing');
      rig.way('A3').break('slow');
      await press('Find my matches');
      expect(await alert()).toContain('Matching is not available just now');
      expect(await page.getByLabel('Field of study').inputValue()).toBe('nursing');
      await everybodyCanUseIt();
      rig.way('A3').heal();
      await findMatches();
    },
    PATIENCE_MS,
  );

  test.each(['forwarder', 'A8'] as const)(
    'with %s away nobody notices anything, and what was done arrives when it is back',
    async (away) => {
      await waitFor(async () => (await arrived()) === (await asked()), { timeoutMs: 60_000 });
      const before = await arrived();
      rig.way(away).break('gone');
      await open('/matches');
      await findMatches();
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await arrived()).toBe(before);
      expect(await asked()).toBeGreaterThan(before);
      rig.way(away).heal();
      await waitFor(async () => (await arrived()) === (await asked()), {
        timeoutMs: 60_000,
        what: 'an event for every request',
      });
    },
    PATIENCE_MS,
  );

  test(
    'with the accounts away who is signed in goes on; who wants to sign in is told, and the address stays',
    async () => {
      rig.way('A1').break('gone');
      await open('/profile');
      await page.getByLabel('Age').fill('33');
      await press('Save');
      await page.getByText('Saved.').waitFor();

      await context.clearCookies();
      await open('/login');
      await page.getByLabel('E-mail address').fill('me@example.org');
      await page.getByLabel('Password', { exact: true }).fill('four words put together');
      await press('Sign in');
      expect(await alert()).toContain('the accounts cannot be reached');
      expect(await page.getByLabel('E-mail address').inputValue()).toBe('me@example.org');
      await everybodyCanUseIt();
    },
    PATIENCE_MS,
  );
});
