import { readFile } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import {
  barriersOf,
  beyondTheEdge,
  browserPath,
  keyboardStop,
  launchBrowser,
} from '@scholar/runtime/testing/browser';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import { seedHub } from '../testing/seed-hub.ts';
import { anEvent, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

/** A browser on a machine that is busy with other things takes its time. */
const PATIENCE_MS = 180_000;

const executable = browserPath();
// Said by the count of skipped tests, and how to have them: make browser.
const inBrowser = executable === undefined ? describe.skip : describe;

inBrowser('in a real browser', () => {
  let database: TestDatabase;
  let hub: RunningHub;
  let browser: Browser;
  let seeded: { proven: string; refused: string };
  let context: BrowserContext;
  let page: Page;
  /** What a page may not do: ask elsewhere, break the content policy, fail in a script. */
  let faults: string[];

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
    [hub, browser] = await Promise.all([
      startHub({ databaseUrl: database.url }),
      launchBrowser(executable ?? ''),
    ]);
    seeded = await seedHub(hub.url);
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await database?.drop();
  });

  beforeEach(async () => {
    faults = [];
    context = await browser.newContext({
      timezoneId: 'America/New_York',
      viewport: { width: 1280, height: 800 },
    });
    context.setDefaultTimeout(60_000);
    await context.route('**/*', (route) => {
      const { origin, protocol } = new URL(route.request().url());
      if (origin === hub.url || protocol === 'data:') return route.continue();
      faults.push(`asked ${route.request().url()}`);
      return route.abort();
    });
    context.on('weberror', (error) => faults.push(String(error.error())));
    context.on('console', (message) => {
      // The sign-in form in the place of a page is a 401, which the browser tells as an error.
      const text = message.text();
      if (message.type() === 'error' && !/status of (401|404)/.test(text)) faults.push(text);
    });
    page = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  async function signIn(path = '/'): Promise<void> {
    await page.goto(`${hub.url}${path}`);
    await page.getByLabel('Read key').fill(KEYS.read);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  /** Presses Tab until the keyboard is on it; each stop on the way must be visible. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let stops = 0; stops < 80; stops += 1) {
      await page.keyboard.press('Tab');
      const stop = await keyboardStop(page);
      expect(stop).toMatchObject({ visible: true });
      if (name.test(stop.name)) return;
    }
    throw new Error(`no stop of the keyboard is called ${name}`);
  }

  const tells = (locator: Locator, words: RegExp) =>
    waitFor(async () => words.test((await locator.textContent()) ?? ''), { timeoutMs: 60_000 });
  const rowOf = (id: string) => page.locator(`tr[data-id="${id}"]`);

  test(
    'from the key to the row behind a green, and out again, by the keyboard alone',
    async () => {
      await page.goto(`${hub.url}/`);
      await page.getByLabel('Read key').focus();
      await page.keyboard.type(KEYS.read);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Source of truth' }).waitFor();
      await tabTo(/^Skip/);
      await page.keyboard.press('Enter');
      await tabTo(/green: the row that proves scholar_auth/);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/events/${seeded.proven}`);
      expect(await page.getByText('rests on this row').count()).toBe(1);
      await tabTo(/Sign out/);
      await page.keyboard.press('Enter');
      await page.getByLabel('Read key').waitFor();
      expect((await context.cookies()).map(({ name }) => name)).not.toContain('a8_session');
    },
    PATIENCE_MS,
  );

  test.each([
    { what: 'on a wide screen in light', width: 1280, colorScheme: 'light' as const },
    { what: 'at 360 px in the dark', width: 360, colorScheme: 'dark' as const },
  ])(
    'every page is usable by everybody $what: no barrier, nothing beyond the edge',
    async ({ width, colorScheme }) => {
      await page.setViewportSize({ width, height: 740 });
      await page.emulateMedia({ colorScheme });
      const found: string[] = [];
      const look = async (path: string) => {
        await page.goto(`${hub.url}${path}`);
        found.push(...(await barriersOf(page)));
        const beyond = await beyondTheEdge(page);
        if (beyond > 0) found.push(`${path} is ${beyond} px too wide`);
      };
      await look('/');
      const light = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(light).toBe(colorScheme === 'light' ? 'rgb(246, 247, 249)' : 'rgb(17, 22, 29)');
      await signIn();
      for (const path of [
        '/',
        '/live?simulated=include',
        '/live?app=provider_register',
        '/volume',
        '/refused',
      ])
        await look(path);
      await look(`/events/${seeded.proven}`);
      await look('/events/00000000-0000-4000-8000-000000000000');
      await look('/refused');
      await page.getByRole('link', { name: seeded.refused.slice(0, 8) }).click();
      await page.waitForURL('**/refused/*');
      found.push(...(await barriersOf(page)));
      expect(found).toEqual([]);
    },
  );

  test(
    'the tail shows what comes in, stored and refused; paused it waits, keeps its place over a reload, and goes on from there',
    async () => {
      await signIn('/live?app=scholarship_sage');
      const state = page.locator('[data-live-state]');
      await tells(state, /^live$/);
      const send = (changes: Record<string, unknown> = {}) =>
        sendEvent(hub.url, { label: 'scholarship_sage', event: anEvent(changes) });
      const { eventId: first } = await send({ source: '/<img src=x onerror=alert(1)>' });
      await rowOf(first).waitFor();
      expect(await rowOf(first).textContent()).toContain('/<img src=x onerror=alert(1)>');
      expect(await rowOf(first).locator('time').getAttribute('title')).toMatch(/E[SD]T|GMT-[45]/);
      await send({ payload: { amount_cents: 'ten' } });
      await page.getByText('/payload/amount_cents').waitFor();

      await page.getByRole('button', { name: 'Pause' }).click();
      const { eventId: second } = await send();
      await tells(state, /^paused, 1 waiting$/);
      expect(await rowOf(second).count()).toBe(0);
      await page.reload();
      expect(await state.textContent()).toMatch(/^paused/);
      expect([await rowOf(first).count(), await rowOf(second).count()]).toEqual([1, 0]);
      await page.getByRole('button', { name: 'Go on' }).click();
      await rowOf(second).waitFor();
      expect(await rowOf(first).count()).toBe(1);
      expect(page.url()).toBe(`${hub.url}/live?app=scholarship_sage`);

      await page.getByLabel('Outcome').selectOption('refused');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByText('/payload/amount_cents').waitFor();
      expect(await rowOf(second).count()).toBe(0);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'refused as CSV' }).click(),
      ]);
      expect(await readFile(await download.path(), 'utf8')).toMatch(
        /^at,app_label,code,pointer.*\r\n.*contract_violation/,
      );
    },
    PATIENCE_MS,
  );

  test(
    'without scripts a page still shows everything, and no button that would do nothing',
    async () => {
      await signIn();
      const plain = await browser.newContext({
        javaScriptEnabled: false,
        storageState: await context.storageState(),
      });
      try {
        const still = await plain.newPage();
        await still.goto(`${hub.url}/live?show=refused`);
        await still.getByText('/payload/amount_cents').first().waitFor();
        expect(await still.getByRole('button', { name: 'Pause' }).count()).toBe(0);
        await still.goto(`${hub.url}/events/${seeded.proven}`);
        expect(await still.getByRole('button', { name: 'Copy as curl' }).count()).toBe(0);
      } finally {
        await plain.close();
      }
    },
    PATIENCE_MS,
  );

  test(
    'the overview looks again by itself, keeps the keyboard where it is, and says when what it shows is old',
    async () => {
      await signIn();
      const lookAgain = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      const state = page.locator('[data-refresh-state]');
      const proof = page.getByRole('link', { name: /the row that proves scholar_auth/ });
      await proof.focus();
      await database.pool.query('DELETE FROM events WHERE event_id = $1', [seeded.proven]);
      await lookAgain();
      await tells(state, /^Looked/);
      expect(await proof.count()).toBe(1);
      await page.evaluate('document.activeElement.blur()');
      await lookAgain();
      await page.getByText(`The event ${seeded.proven} is not in the database.`).waitFor();
      expect(await proof.count()).toBe(0);
      await page.route('**/', (route) => route.fulfill({ status: 503, body: 'away' }));
      await lookAgain();
      await tells(state, /What you see is old/);
      faults = faults.filter((fault) => !/status of 503/.test(fault));
    },
    PATIENCE_MS,
  );
});
