import { existsSync } from 'node:fs';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine; undefined where it has none (`make browser` installs Debian's). */
export function browserPath(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path));
}

/** A browser that asks nobody outside for anything. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  // A sandbox of its own needs rights that root in a container does not have; it opens pages of ours alone.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    ...quiet,
  ];
  return chromium.launch({ executablePath, args, timeout: 60_000 });
}

/**
 * What axe finds that bars somebody from using the page, a line each.
 * @param only the rules to look by; all of them where it is left out.
 */
export async function barriersOf(page: Page, only?: readonly string[]): Promise<string[]> {
  // Its source is long: a page that has it keeps it.
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  const runOnly = only === undefined ? {} : { runOnly: { type: 'rule', values: only } };
  // Passes are listed by one node each: they say that it looked.
  const { violations, passes } = (await page.evaluate(
    `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...runOnly })})`,
  )) as AxeResults;
  if (passes.length === 0) throw new Error('axe has looked at nothing');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
}

// Code for the page is text: the types of this project are those of Node, and have no document.

/** Pixels by which the page is wider than the screen. */
export async function beyondTheEdge(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
}

/** Where the keyboard is. */
export type KeyboardStop = {
  /** What people call it: its label, or its words. */
  name: string;
  /** Whether anybody can see that the keyboard is there. */
  visible: boolean;
  /** The element in capitals; `BODY` where the keyboard is nowhere. */
  tag: string;
};

export async function keyboardStop(page: Page): Promise<KeyboardStop> {
  return (await page.evaluate(`(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
    return {
      name: name.trim().replace(/\\s+/g, ' '),
      visible: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      tag: element.tagName,
    };
  })()`)) as KeyboardStop;
}
