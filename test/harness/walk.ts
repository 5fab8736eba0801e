import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppLabel, type EventType, parseTraceparent } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { barriersOf, beyondTheEdge, keyboardStop } from '@scholar/runtime/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { LocalSystem } from './local-system.ts';

/** An event that a step has to cause. */
export type Caused = readonly [label: AppLabel, eventType: EventType];

/** The most that one step may take on a machine that is busy with other things, ms. */
export const STEP_MS = 60_000;

// Without motion: a colour on its way to another has whatever contrast.
const STILL = { reducedMotion: 'reduce' } as const;
const DESK = { ...STILL, viewport: { width: 1280, height: 740 }, colorScheme: 'light' } as const;
const PHONE = { ...STILL, viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;

/** More stops than any page has. */
const MOST_STOPS = 250;

/** Pages do without them, and here have to. */
const ISLANDS = ['/assets/ask.js', '/assets/password.js'];

/**
 * Somebody who uses our pages in a real browser. Each page that is seen for the first time is looked at as on a desk in
 * light and as on a phone in the dark, with axe, and walked through by the keyboard; `faults` tells what bars somebody
 * from using it, and what it asks elsewhere.
 */
export class Walk {
  readonly faults: string[] = [];
  readonly page: Page;
  /** What had the keyboard when the page came. */
  landed = '';
  readonly #context: BrowserContext;
  readonly #known: Set<string>;
  readonly #traced: { traceId: string; caused: Caused }[] = [];

  private constructor(context: BrowserContext, page: Page, known: Set<string>) {
    this.#context = context;
    this.page = page;
    this.#known = known;
  }

  /** @param known kinds of pages that were looked at before; those of this walk are added. */
  static async begin(browser: Browser, known: Set<string>, on: 'desk' | 'phone' = 'desk'): Promise<Walk> {
    const context = await browser.newContext(on === 'desk' ? DESK : PHONE);
    context.setDefaultTimeout(STEP_MS);
    const walk = new Walk(context, await context.newPage(), known);
    await context.route('**/*', (route) => {
      const { hostname, protocol, pathname } = new URL(route.request().url());
      // These are walks without scripts; islands have tests of their own.
      if (ISLANDS.includes(pathname)) return route.fulfill({ contentType: 'text/javascript', body: '' });
      if (hostname === '127.0.0.1' || protocol === 'data:') return route.continue();
      walk.faults.push(`asked ${route.request().url()}`);
      return route.abort();
    });
    context.on('console', (message) => {
      // A form that comes back is a 422, which the browser tells as an error.
      if (message.type() === 'error' && !/status of 422/.test(message.text()))
        walk.faults.push(message.text());
    });
    return walk;
  }

  end(): Promise<void> {
    return this.#context.close();
  }

  /** Goes to a page, by its address or by what leads there, and looks at it. */
  async go(way: string | (() => Promise<unknown>), causes: readonly Caused[] = []): Promise<void> {
    await this.#andLoad(typeof way === 'string' ? () => this.page.goto(way) : way);
    await this.#look();
    await this.expects(causes);
  }

  /** Sends the form of this page; what comes of it continues the trace of the page. */
  async send(way: () => Promise<unknown>, causes: readonly Caused[] = []): Promise<void> {
    await this.expects(causes);
    await this.#andLoad(way);
    await this.#look();
  }

  /** What this page, or what is sent from it, has to cause. */
  async expects(causes: readonly Caused[]): Promise<void> {
    if (causes.length === 0) return;
    const traceId = await this.traceId();
    this.#traced.push(...causes.map((caused) => ({ traceId, caused })));
  }

  /** The trace of this page, which all that its forms send continues. */
  async traceId(): Promise<string> {
    const given = await this.page.locator('meta[name=traceparent]').getAttribute('content');
    return parseTraceparent(given ?? undefined)?.traceId ?? 'no trace';
  }

  click(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    return this.page.getByRole(role, { name }).first().click();
  }

  headed(name: string | RegExp): Promise<void> {
    return this.page.getByRole('heading', { name }).first().waitFor();
  }

  says(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  /** What is said to be wrong with a field, to those who see it and to those who hear it. */
  async errorOf(label: string): Promise<string | null> {
    const ids = (await this.page.getByLabel(label, { exact: true }).getAttribute('aria-describedby')) ?? '';
    const id = ids.split(' ').find((each) => each.endsWith('-error'));
    return this.page.locator(`#${id}`).textContent();
  }

  valueOf(label: string): Promise<string> {
    return this.page.getByLabel(label, { exact: true }).inputValue();
  }

  /** By the keyboard alone: Tab until what people call by this name has it. Each stop on the way can be seen. */
  async tabTo(name: string | RegExp): Promise<void> {
    const isIt = (said: string) => (typeof name === 'string' ? said === name : name.test(said));
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      const stop = await keyboardStop(this.page);
      if (stop.tag !== 'BODY' && isIt(stop.name)) return;
      await this.page.keyboard.press('Tab');
      await this.#seesKeyboard();
    }
    throw new Error(`the keyboard reaches no ${name} on ${this.page.url()}`);
  }

  /** By the keyboard alone: replaces what stands in a field. */
  async type(label: string, text: string): Promise<void> {
    await this.tabTo(label);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }

  /** By the keyboard alone: presses what is called so, a link by Enter and a button by the space bar. */
  async press(name: string | RegExp): Promise<void> {
    await this.tabTo(name);
    const { tag } = await keyboardStop(this.page);
    await this.page.keyboard.press(tag === 'A' ? 'Enter' : 'Space');
  }

  /** By the keyboard alone: past what all pages begin with. @returns the first stop behind it */
  async skipToContent(): Promise<string> {
    await this.press('Skip to the content');
    await this.page.keyboard.press('Tab');
    return (await keyboardStop(this.page)).name;
  }

  /** Waits until A8 has what the steps should have caused, no more and no less, and tells the ids of their rows. */
  async rows(system: LocalSystem): Promise<string[]> {
    const wanted = this.#traced.map(({ traceId, caused }) => [traceId, ...caused].join(' ')).sort();
    let rows: { event_id: string; what: string }[] = [];
    const complete = async () => {
      rows = await system.query(
        `SELECT event_id, concat_ws(' ', split_part(traceparent, '-', 2), app_label, event_type) AS what
         FROM events WHERE split_part(traceparent, '-', 2) = ANY($1)`,
        [this.#traced.map(({ traceId }) => traceId)],
      );
      return rows.length >= wanted.length;
    };
    await waitFor(complete, { timeoutMs: STEP_MS, what: 'a row for every step' }).catch(() => undefined);
    expect(rows.map(({ what }) => what).sort()).toEqual(wanted);
    return rows.map(({ event_id: id }) => id);
  }

  /** Waits for the page too: on a busy machine the one before is still there after a click. */
  async #andLoad(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), act()]);
    await this.page.waitForLoadState();
    // The browser gives a field the keyboard when it first draws the page, which may be a moment later.
    const settled = "!document.querySelector('[autofocus]') || document.activeElement !== document.body";
    await waitFor(() => this.page.evaluate<boolean>(settled), { timeoutMs: STEP_MS, what: 'the keyboard' });
    this.landed = (await keyboardStop(this.page)).name;
  }

  async #look(): Promise<void> {
    const { page, faults } = this;
    // axe itself needs scripts, so that they cannot be switched off here; but there are none to switch off.
    const scripts = await page
      .locator(
        ['script:not([type="application/ld+json"])', ...ISLANDS.map((src) => `:not([src="${src}"])`)].join(
          '',
        ),
      )
      .count();
    if (scripts > 0) faults.push(`${page.url()} has ${scripts} scripts`);
    const kind = await this.#kind();
    if (this.#known.has(kind)) return;
    this.#known.add(kind);
    const before = page.viewportSize() ?? DESK.viewport;
    for (const screen of [DESK, PHONE]) {
      await page.setViewportSize(screen.viewport);
      await page.emulateMedia({ colorScheme: screen.colorScheme });
      // What differs between the two are colours and room; the rest was looked at on the first.
      faults.push(
        ...(await barriersOf(page, screen === DESK ? undefined : ['color-contrast', 'target-size'])),
      );
      const beyond = await beyondTheEdge(page);
      if (beyond > 0) faults.push(`${page.url()} is ${beyond} px too wide for ${screen.viewport.width} px`);
      await this.#picture(kind, screen);
    }
    await page.setViewportSize(before);
    await this.#isNoTrap();
  }

  /** Pages of one kind differ in words and numbers alone. */
  async #kind(): Promise<string> {
    const { host, pathname } = new URL(this.page.url());
    const path = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/\/(cs_|p\/)[^/]+/g, '/$1');
    const said = await this.page.evaluate(
      "Array.from(document.querySelectorAll('.notice, .error, .badge'), (each) => each.className)",
    );
    return [host, path, ...new Set(said as string[])].join(' ');
  }

  /** Tab goes through the whole page and comes out at its end; the first stop leads past what all pages have. */
  async #isNoTrap(): Promise<void> {
    const { page, faults } = this;
    const first = await keyboardStop(page);
    const begun = first.tag === 'BODY';
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      await page.keyboard.press('Tab');
      const stop = await keyboardStop(page);
      // Behind the end comes the browser itself, or at once the beginning.
      if (stop.tag === 'BODY' || (stops > 0 && stop.name.startsWith('Skip to'))) return;
      if (!stop.visible) faults.push(`${page.url()}: nobody sees that the keyboard is at "${stop.name}"`);
      if (begun && stops === 0 && !stop.name.startsWith('Skip to'))
        faults.push(`${page.url()}: the first stop is "${stop.name}" and leads past nothing`);
    }
    faults.push(`${page.url()} keeps the keyboard: no end after ${MOST_STOPS} stops`);
  }

  async #seesKeyboard(): Promise<void> {
    const { tag, visible, name } = await keyboardStop(this.page);
    if (tag !== 'BODY' && !visible)
      this.faults.push(`${this.page.url()}: nobody sees that the keyboard is at "${name}"`);
  }

  /** With PICTURES=folder each kind of page is kept as a picture, for people to look at. */
  async #picture(kind: string, { viewport, colorScheme }: typeof DESK | typeof PHONE): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    const name = `${kind.replace(/[^\w.-]+/g, '_')}-${viewport.width}-${colorScheme}.png`;
    await this.page.screenshot({ path: join(folder, name), fullPage: true });
  }
}
