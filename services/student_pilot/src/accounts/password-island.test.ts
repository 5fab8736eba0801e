import { barriersOf, beyondTheEdge, browserPath, launchBrowser } from '@scholar/runtime/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const executable = browserPath();
const inBrowser = executable === undefined ? describe.skip : describe;

inBrowser('a field for a password in a real browser', () => {
  let rig: PilotRig;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [rig, browser] = await Promise.all([createPilotRig(), launchBrowser(executable ?? '')]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await rig?.close();
  });
  beforeEach(async () => {
    faults = [];
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(30_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    context.on('console', (message) => {
      if (message.type() === 'error' && !/status of 422/.test(message.text())) faults.push(message.text());
    });
    page = await context.newPage();
    await page.goto(`${rig.a5.url}/signup`);
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  const field = () => page.getByLabel('Password', { exact: true });
  const typeOf = () => field().getAttribute('type');
  const strength = () => page.getByRole('meter', { name: 'How strong it is' });

  test('what was typed can be shown and hidden again, and is sent as a password', async () => {
    await field().fill('four words put together');
    expect(await typeOf()).toBe('password');
    await page.getByRole('button', { name: 'Show: Password' }).click();
    expect([await typeOf(), await field().inputValue()]).toEqual(['text', 'four words put together']);
    await page.getByRole('button', { name: 'Hide: Password' }).click();
    expect(await typeOf()).toBe('password');
    await page.getByRole('button', { name: 'Show: Password' }).click();
    // The form comes back, since it names no address; the password is never sent back.
    await page.evaluate("document.querySelector('form.card').noValidate = true");
    await page.getByRole('button', { name: 'Make my account' }).click();
    await page.getByText('Enter your e-mail address').waitFor();
    expect([await typeOf(), await field().inputValue()]).toEqual(['password', '']);
  }, 60_000);

  test('a browser neither spells nor corrects what is shown, so that no service of its is sent a password', async () => {
    for (const path of ['/signup', '/login']) {
      await page.goto(`${rig.a5.url}${path}`);
      await page.getByRole('button', { name: 'Show: Password' }).click();
      const told = ['type', 'spellcheck', 'autocapitalize', 'autocorrect'].map((name) =>
        field().getAttribute(name),
      );
      expect(await Promise.all(told)).toEqual(['text', 'false', 'off', 'off']);
    }
  }, 60_000);

  test('a password is pasted, and a program that keeps passwords knows which field is which', async () => {
    await page.getByLabel('E-mail address').fill('pasted horse battery');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+x');
    await field().focus();
    await page.keyboard.press('ControlOrMeta+v');
    expect(await field().inputValue()).toBe('pasted horse battery');
    expect(await field().getAttribute('autocomplete')).toBe('new-password');
    await page.goto(`${rig.a5.url}/login`);
    expect(await field().getAttribute('autocomplete')).toBe('current-password');
    expect(await strength().count()).toBe(0);
  }, 60_000);

  test('a meter tells how strong a new one is, in words too', async () => {
    const told: [string, string][] = [];
    for (const text of [
      '',
      'short',
      'aaaaaaaaaaaaaaaa',
      '123456789012',
      'abababababab',
      'q7gH2mPz9wKd',
      'four words put together',
    ]) {
      await field().fill(text);
      told.push([text, (await page.locator('small:has(meter) [aria-live]').textContent()) ?? '']);
    }
    expect(told).toEqual([
      ['', 'Nothing yet'],
      ['short', 'Too short'],
      ['aaaaaaaaaaaaaaaa', 'Weak: easy to guess'],
      ['123456789012', 'Weak: easy to guess'],
      ['abababababab', 'Weak: easy to guess'],
      ['q7gH2mPz9wKd', 'Good'],
      ['four words put together', 'Strong'],
    ]);
    expect(await strength().getAttribute('value')).toBe('4');
  }, 60_000);

  test('where a password is changed both can be shown, and the new one alone is measured', async () => {
    const value = await rig.identity.userToken({ subject: 'u-1' });
    await context.addCookies([{ name: 'scholar_session', value, url: rig.a5.url }]);
    await page.goto(`${rig.a5.url}/password/change?leaked=1`);
    for (const name of ['Old password', 'New password'])
      await page.getByRole('button', { name: `Show: ${name}` }).click();
    await page.getByLabel('Old password', { exact: true }).fill('short');
    expect([await strength().count(), await strength().getAttribute('value')]).toEqual([1, '0']);
    await page.getByLabel('New password', { exact: true }).fill('four words put together');
    expect(await strength().getAttribute('value')).toBe('4');
    expect([await beyondTheEdge(page), await barriersOf(page)]).toEqual([0, []]);
  }, 60_000);

  test('nothing of it bars anybody, or is wider than the screen', async () => {
    await field().fill('four words put together');
    expect([await beyondTheEdge(page), await barriersOf(page)]).toEqual([0, []]);
  }, 60_000);
});
