import { randomUUID } from 'node:crypto';
import {
  type AppLabel,
  canaryEventId,
  type EventType,
  HEADER,
  mintCanary,
  parseTraceparent,
} from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import {
  barriersOf,
  beyondTheEdge,
  browserPath,
  keyboardStop,
  launchBrowser,
} from '@scholar/runtime/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectExactRows } from '../harness/exact-rows.ts';
import { LocalSystem } from '../harness/local-system.ts';

/** A whole system and a browser on a machine that is busy with other things take their time. */
const PATIENCE_MS = 300_000;
const STEP_MS = 60_000;
/** A3 looks once a minute for what A2 has; a system that has just come up may need two looks. */
const CATALOGUE_MS = 150_000;

const executable = browserPath();
// Said by the count of skipped tests, and how to have them: make browser.
const inBrowser = executable === undefined ? describe.skip : describe;

/** An event that a step has to cause. */
type Caused = [label: AppLabel, eventType: EventType];

const SCREENS = [
  { what: 'on a wide screen in light', width: 1280, colorScheme: 'light' as const },
  { what: 'at 360 px in the dark', width: 360, colorScheme: 'dark' as const },
];

inBrowser('people in a real browser, on pages that need no script', () => {
  let system: LocalSystem;
  let browser: Browser;
  let key: string;
  let urls: Record<'student' | 'provider' | 'landing', string>;
  let context: BrowserContext;
  let page: Page;
  /** What a page may not do: ask elsewhere, or bar somebody from using it. */
  let faults: string[];
  /** Ids of all events that the steps so far had to cause. */
  let ids: string[];
  /** The same for steps of a person, whose events are known by the trace of the page that they came from. */
  let traced: { traceId: string; caused: Caused }[];

  beforeAll(async () => {
    [system, browser] = await Promise.all([LocalSystem.start(), launchBrowser(executable ?? '')]);
    key = await system.canaryKey();
    urls = {
      student: await system.url('student_pilot'),
      provider: await system.url('provider_register'),
      landing: await system.url('auto_page_maker'),
    };
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, PATIENCE_MS);

  beforeEach(() => {
    faults = [];
    ids = [];
    traced = [];
  });

  afterEach(async () => {
    await context?.close();
  });

  async function open(screen: (typeof SCREENS)[number]): Promise<void> {
    const { width, colorScheme } = screen;
    context = await browser.newContext({
      viewport: { width, height: 740 },
      colorScheme,
    });
    context.setDefaultTimeout(STEP_MS);
    await context.route('**/*', (route) => {
      const { hostname, protocol } = new URL(route.request().url());
      if (hostname === '127.0.0.1' || protocol === 'data:') return route.continue();
      faults.push(`asked ${route.request().url()}`);
      return route.abort();
    });
    context.on('console', (message) => {
      // A form that comes back is a 422, which the browser tells as an error.
      if (message.type() === 'error' && !/status of 422/.test(message.text())) faults.push(message.text());
    });
    page = await context.newPage();
  }

  /**
   * Does something as a canary of its own, so that the id of each event that it has to cause is known before.
   */
  async function step(causes: readonly Caused[], act: () => Promise<unknown>): Promise<void> {
    const canaryId = randomUUID();
    const token = mintCanary(key, { canaryId, notAfterMs: Date.now() + 600_000 });
    await context.setExtraHTTPHeaders({ [HEADER.canary]: token });
    await andLoad(act);
    ids.push(...causes.map(([label, eventType]) => canaryEventId({ key, canaryId, label, eventType })));
    await usable();
  }

  /** Does what leads to a page, and waits for it: on a busy machine the page before is still there after a click. */
  async function andLoad(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()]);
    await page.waitForLoadState();
  }

  /** Looks whether everybody can use what the browser shows. */
  async function usable(): Promise<void> {
    // axe itself needs scripts, so that they cannot be switched off here; but there are none to switch off.
    const scripts = await page.locator('script:not([type="application/ld+json"])').count();
    if (scripts > 0) faults.push(`${page.url()} has ${scripts} scripts`);
    faults.push(...(await barriersOf(page)));
    const beyond = await beyondTheEdge(page);
    if (beyond > 0) faults.push(`${page.url()} is ${beyond} px too wide`);
  }

  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const headed = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
  /** What is said to be wrong with a field, to those who see it and to those who hear it. */
  const errorOf = async (label: string) => {
    const ids = (await page.getByLabel(label).getAttribute('aria-describedby')) ?? '';
    return page.locator(`#${ids.split(' ').find((id) => id.endsWith('-error'))}`).textContent();
  };

  async function everyEventIsARow(): Promise<void> {
    expect(faults).toEqual([]);
    await expectExactRows(system, ids, STEP_MS);
  }

  test.each(SCREENS)(
    'a student signs up, tells about the studies, sees matches and asks, $what; each event is its row in A8, found by the trace of its page and by its id',
    async (screen) => {
      await open(screen);
      await look(() => page.goto(urls.student));
      await look(() => page.getByRole('link', { name: 'Make an account' }).click());
      const email = `student-${randomUUID()}@example.org`;
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password').fill('short');
      await send([], () => press('Make my account'));
      expect(await errorOf('Password')).toContain('8');
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
      await page.getByLabel('Password').fill('four words put together');
      await send([['scholar_auth', 'NewUser']], () => press('Make my account'));
      await headed('Your profile');
      await seen();

      await page.getByLabel('Field of study').fill('computer science');
      await page.getByLabel('GPA').fill('9');
      await send([], () => press('Save'));
      expect(await errorOf('GPA')).toBe('This has to be a number from 0 to 4, such as 3.6.');
      expect(await page.getByLabel('Field of study').inputValue()).toBe('computer science');
      expect(await page.evaluate('document.activeElement.name')).toBe('gpa');
      await page.getByLabel('GPA').fill('3.6');
      await send([], () => press('Save'));
      await page.getByText('Saved.').waitFor();
      await seen();

      await look(() => page.getByRole('link', { name: 'See what fits' }).click());
      const asked: Caused[] = [
        ['student_pilot', 'ScholarshipMatchRequested'],
        ['scholarship_agent', 'ScholarshipMatchResult'],
      ];
      await waitFor(
        async () => {
          await send(asked, () => press('Find my matches'));
          return (await page.getByText(/fits?, best first/).count()) > 0;
        },
        { timeoutMs: CATALOGUE_MS, what: 'matches from a catalogue that has just been filled' },
      );

      await look(() => page.getByRole('link', { name: 'Ask', exact: true }).click());
      await page.getByLabel('Your question').fill('Which documents do I need?');
      await send([['scholarship_sage', 'SageAssist']], () => press('Ask'));
      await headed('Answer');
      await headed('Sources');
      ids.push(...(await idsOfTraces()));
      await everyEventIsARow();
    },
    PATIENCE_MS,
  );

  /** Goes to a page, which is one PageView. A canary would be a student of its own at each step, so this is a person. */
  async function look(act: () => Promise<unknown>): Promise<void> {
    await andLoad(act);
    await usable();
    await seen();
  }

  const view: Caused = ['student_pilot', 'PageView'];

  async function seen(): Promise<void> {
    traced.push({ traceId: await traceOfPage(), caused: view });
  }

  /** Sends the form of the page, whose trace all that comes of it continues. */
  async function send(causes: readonly Caused[], act: () => Promise<unknown>): Promise<void> {
    const traceId = await traceOfPage();
    await andLoad(act);
    await usable();
    traced.push(...causes.map((caused) => ({ traceId, caused })));
  }

  async function traceOfPage(): Promise<string> {
    const given = await page.locator('meta[name=traceparent]').getAttribute('content');
    return parseTraceparent(given ?? undefined)?.traceId ?? 'no trace';
  }

  /** Waits until A8 has what the traces should have caused, no more and no less, and tells their ids. */
  async function idsOfTraces(): Promise<string[]> {
    const wanted = traced.map(({ traceId, caused }) => [traceId, ...caused].join(' ')).sort();
    let rows: { event_id: string; what: string }[] = [];
    const complete = async () => {
      rows = await system.query(
        `SELECT event_id, concat_ws(' ', split_part(traceparent, '-', 2), app_label, event_type) AS what
         FROM events WHERE split_part(traceparent, '-', 2) = ANY($1)`,
        [traced.map(({ traceId }) => traceId)],
      );
      return rows.length >= wanted.length;
    };
    await waitFor(complete, { timeoutMs: STEP_MS, what: 'a row for every step' }).catch(() => undefined);
    expect(rows.map(({ what }) => what).sort()).toEqual(wanted);
    return rows.map(({ event_id: id }) => id);
  }

  test.each(SCREENS)(
    'a provider registers, pays in the sandbox and sees the receipt, $what; each event is its row in A8',
    async (screen) => {
      await open(screen);
      await step([], () => page.goto(urls.provider));
      await page.getByLabel('Organisation').fill('Ada Foundation');
      await page.getByLabel('E-mail address').fill('ada');
      await step([], () => press('Register'));
      expect(await errorOf('E-mail address')).toContain('name@example.org');
      expect(await page.getByLabel('Organisation').inputValue()).toBe('Ada Foundation');
      await page.getByLabel('E-mail address').fill('ada@canary.invalid');
      await step([['provider_register', 'ProviderOnboarded']], () => press('Register'));
      await headed('Ada Foundation');
      await step([['provider_register', 'PaymentSuccess']], async () => {
        await press('Pay for a listing');
        await headed(/^Pay \$/);
        await press(/^Pay \$/);
        await headed('Ada Foundation');
      });
      await waitFor(
        async () => {
          await page.reload();
          return (await page.getByRole('cell').count()) > 0;
        },
        { timeoutMs: STEP_MS, what: 'the payment on the page of the provider' },
      );
      await step([], () => page.reload());
      await page.getByText('Your payment has arrived').waitFor();
      await everyEventIsARow();
    },
    PATIENCE_MS,
  );

  test.each(SCREENS)(
    'a visitor finds a scholarship, leaves an address and becomes a user, $what; each event is its row in A8',
    async (screen) => {
      await open(screen);
      await step([], () => page.goto(urls.landing));
      await page.getByLabel('E-mail address').fill(`visitor-${randomUUID()}@canary.invalid`);
      await formIsOldEnough();
      const left: Caused[] = [
        ['auto_page_maker', 'NewLead'],
        ['scholar_auth', 'NewUser'],
      ];
      await step(left, () => press('Keep me posted'));
      await headed('Thank you');
      await everyEventIsARow();
    },
    PATIENCE_MS,
  );

  /** What A7 takes for a person: its form was open for longer than a program needs. */
  async function formIsOldEnough(): Promise<void> {
    const token = await page.locator('input[name=form_token]').inputValue();
    const mintedAt = Number.parseInt(token, 10);
    await waitFor(() => Date.now() - mintedAt > 1_500, { what: 'the least time to fill in a form' });
  }

  test(
    'by the keyboard alone an address is left, and each stop on the way can be seen',
    async () => {
      await open({ what: '', width: 1280, colorScheme: 'light' });
      await step([], () => page.goto(urls.landing));
      await tabTo('INPUT');
      await page.keyboard.type(`keys-${randomUUID()}@canary.invalid`);
      await formIsOldEnough();
      const left: Caused[] = [
        ['auto_page_maker', 'NewLead'],
        ['scholar_auth', 'NewUser'],
      ];
      await step(left, async () => {
        await page.keyboard.press('Enter');
        await headed('Thank you');
      });
      await everyEventIsARow();
    },
    PATIENCE_MS,
  );

  async function tabTo(tagName: string): Promise<void> {
    for (let stops = 0; stops < 200; stops += 1) {
      await page.keyboard.press('Tab');
      expect(await keyboardStop(page)).toMatchObject({ visible: true });
      if ((await page.evaluate('document.activeElement.tagName')) === tagName) return;
    }
    throw new Error(`the keyboard reaches no ${tagName}`);
  }
});
