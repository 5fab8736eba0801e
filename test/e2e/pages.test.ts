import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AppLabel } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { browserPath, launchBrowser } from '@scholar/runtime/testing/browser';
import type { Browser } from 'playwright-core';
import { createEmailVault } from '../../services/scholar_auth/src/email/email-vault.ts';
import { expectExactRows } from '../harness/exact-rows.ts';
import { LocalSystem } from '../harness/local-system.ts';
import { hurryErasures } from '../harness/privacy/erased.ts';
import { signUp } from '../harness/privacy/live.ts';
import { type Caused, STEP_MS, Walk } from '../harness/walk.ts';

/** A whole system and a browser on a machine that is busy with other things take their time. */
const PATIENCE_MS = 300_000;
const PASSWORD = 'four words put together';

const executable = browserPath();
// Said by the count of skipped tests, and how to have them: make browser.
const inBrowser = executable === undefined ? describe.skip : describe;

const VIEW: Caused = ['student_pilot', 'PageView'];

inBrowser('people in a real browser, on pages that need no script', () => {
  let system: LocalSystem;
  let browser: Browser;
  let urls: Record<'accounts' | 'catalogue' | 'student' | 'provider' | 'landing', string>;
  let walk: Walk;
  const known = new Set<string>();

  beforeAll(async () => {
    [system, browser] = await Promise.all([LocalSystem.start(), launchBrowser(executable ?? '')]);
    const { apps } = await system.status();
    const at = (label: AppLabel) => apps.find((each) => each.label === label)?.url ?? '';
    urls = {
      accounts: at('scholar_auth'),
      catalogue: at('scholarship_api'),
      student: at('student_pilot'),
      provider: at('provider_register'),
      landing: at('auto_page_maker'),
    };
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, PATIENCE_MS);

  afterEach(() => walk?.end());

  /** Opens the newest mail to an address and tells the link in it, as a person finds it: on the page of the mailbox. */
  async function linkInMail(email: string, subject: string): Promise<string> {
    const mail = walk.page.locator('.card', { hasText: email }).filter({ hasText: subject }).first();
    const link = mail.getByRole('link');
    await waitFor(
      async () => {
        await walk.page.goto(`${urls.accounts}/mailbox`);
        return (await link.count()) > 0;
      },
      { timeoutMs: STEP_MS, intervalMs: 250, what: `the mail "${subject}"` },
    );
    return (await link.textContent()) ?? '';
  }

  test(
    'by the keyboard alone a student signs up, confirms the address, tells about the studies, sees matches, searches and asks; each event is its row in A8',
    async () => {
      walk = await Walk.begin(browser, known);
      const email = `student-${randomUUID()}@example.org`;
      await walk.go(urls.student);
      expect(await walk.skipToContent()).toBe('Make an account');
      await walk.send(() => walk.press('Count my visits'));
      await walk.expects([VIEW]);
      await walk.go(() => walk.press('Make an account'), [VIEW]);
      await walk.type('E-mail address', email);
      await walk.type('Password', 'short');
      await walk.send(() => walk.press('Make my account'));
      expect(await walk.errorOf('Password')).toMatch(/at least \d+ characters/);
      expect(walk.landed).toBe('Password');
      expect(await walk.valueOf('E-mail address')).toBe(email);
      await walk.type('Password', PASSWORD);
      await walk.send(() => walk.press('Make my account'), [['scholar_auth', 'NewUser']]);
      await walk.headed('Your profile');
      await walk.says('Look into your mail');
      await walk.expects([VIEW]);

      const link = await linkInMail(email, 'Confirm your e-mail address');
      await walk.go(() => walk.press(link));
      await walk.send(() => walk.press('Confirm my address'));
      await walk.headed('Address confirmed');

      await walk.go(`${urls.student}/profile`, [VIEW]);
      await walk.type('Field of study', 'computer science');
      await walk.type('GPA', '9');
      await walk.send(() => walk.press('Save'));
      expect(await walk.errorOf('GPA')).toBe('This has to be a number from 0 to 4, such as 3.6.');
      expect(await walk.valueOf('Field of study')).toBe('computer science');
      expect(walk.landed).toBe('GPA');
      await walk.type('GPA', '3.6');
      await walk.send(() => walk.press('Save'));
      await walk.says('Saved.');
      await walk.expects([VIEW]);

      await walk.go(() => walk.press('See what fits'), [VIEW]);
      const asked: Caused[] = [
        ['student_pilot', 'ScholarshipMatchRequested'],
        ['scholarship_agent', 'ScholarshipMatchResult'],
      ];
      await waitFor(
        async () => {
          await walk.send(() => walk.press('Find my matches'), asked);
          return (await walk.page.getByText(/fits?, best first/).count()) > 0;
        },
        { timeoutMs: 2 * STEP_MS, what: 'matches from a catalogue that has just been filled' },
      );

      await walk.go(() => walk.press('Scholarships'), [VIEW]);
      await walk.type('Search', 'comput');
      await walk.go(() => walk.page.keyboard.press('Enter'), [VIEW]);
      await walk.says('the best match first');
      await walk.press('Field of study');
      await walk.go(() => walk.press(/^computer science \(\d+\)$/), [VIEW]);
      await walk.says('Field of study: computer science – remove');
      expect(await walk.valueOf('Search')).toBe('comput');

      await walk.go(() => walk.press('Ask'), [VIEW]);
      await walk.type('Your question', 'Which documents do I need?');
      await walk.send(() => walk.press('Ask'), [['scholarship_sage', 'SageAssist']]);
      await walk.headed('Answer');
      await walk.headed('Sources');
      expect(walk.faults).toEqual([]);
      const ids = await walk.rows(system);
      await expectExactRows(system, ids, STEP_MS);
    },
    PATIENCE_MS,
  );

  test(
    'by the keyboard alone a provider registers, pays in the sandbox, writes a scholarship, publishes and ends it; each event is its row in A8',
    async () => {
      walk = await Walk.begin(browser, known);
      const email = `provider-${randomUUID()}@example.org`;
      await walk.go(urls.provider);
      expect(await walk.skipToContent()).toBe('Organisation');
      await walk.type('Organisation', 'Ada Foundation');
      await walk.type('E-mail address', 'ada');
      await walk.type('Password', PASSWORD);
      await walk.send(() => walk.press('Register'));
      expect(await walk.errorOf('E-mail address')).toContain('name@example.org');
      expect(await walk.valueOf('Organisation')).toBe('Ada Foundation');
      await walk.type('E-mail address', email);
      await walk.type('Password', PASSWORD);
      await walk.send(
        () => walk.press('Register'),
        [
          ['scholar_auth', 'NewUser'],
          ['provider_register', 'ProviderOnboarded'],
        ],
      );
      await walk.headed('Ada Foundation');
      const providerId = walk.page.url().split('/').at(-1) ?? '';

      await walk.send(() => walk.press('Pay for a listing'));
      await walk.headed(/^Pay \$/);
      await walk.send(() => walk.press(/^Pay \$/));
      await walk.headed('Ada Foundation');
      await waitFor(
        async () => {
          await walk.page.reload();
          return (await walk.page.getByText('Your payment has arrived').count()) > 0;
        },
        { timeoutMs: STEP_MS, intervalMs: 250, what: 'the payment on the page of the provider' },
      );

      await walk.go(() => walk.press('Write your scholarship'));
      await walk.type('Title', 'Grant of a walk');
      await walk.type('Description', 'For people who walk by the keyboard.');
      await walk.type('Amount', 'much');
      await walk.press('bachelor');
      await walk.send(() => walk.press('Save the draft'));
      expect(await walk.errorOf('Amount')).toContain('such as 2500');
      expect(walk.landed).toBe('Amount');
      expect(await walk.valueOf('Title')).toBe('Grant of a walk');
      expect(await walk.page.getByLabel('bachelor').isChecked()).toBe(true);
      await walk.type('Amount', '2,500');
      await walk.send(() => walk.press('Save the draft'));
      await walk.says('Only you see it.');
      const scholarshipId = new URL(walk.page.url()).pathname.split('/').at(-1) ?? '';
      expect((await publicPage(scholarshipId)).status).toBe(404);

      await walk.go(() => walk.press('All your scholarships'));
      await walk.says('You may publish one more scholarship.');
      await walk.go(() => walk.press('Grant of a walk'));
      await walk.type('Least GPA', '3.5');
      await walk.send(() => walk.press('Save and publish'));
      await walk.says('Published: students can find it now.');
      const published = await publicPage(scholarshipId);
      expect(published.body).toMatchObject({ status: 'published', amount_cents: 250_000, min_gpa: 3.5 });

      await walk.press('End this scholarship');
      await walk.send(() => walk.press('End it now'));
      await walk.says('Ended: nobody finds it any more.');
      expect(walk.faults).toEqual([]);

      const ids = await walk.rows(system);
      const paid = await waitFor(() => idsOf(`event_type = 'PaymentSuccess' AND actor_id = $1`, providerId), {
        timeoutMs: STEP_MS,
        what: 'the row of the payment',
      });
      const seen = await waitFor(
        () => idsOf(`event_type = 'PageView' AND payload->>'scholarship_id' = $1`, scholarshipId),
        { timeoutMs: STEP_MS, what: 'the row of the look at what was published' },
      );
      expect([paid.length, seen.length]).toEqual([1, 1]);
      await expectExactRows(system, [...ids, ...paid, ...seen], STEP_MS);
    },
    PATIENCE_MS,
  );

  /** A scholarship as scholarship_api shows it to anybody. */
  async function publicPage(id: string): Promise<{ status: number; body: unknown }> {
    const headers = { cookie: 'scholar_consent=views' };
    const response = await fetch(`${urls.catalogue}/scholarships/${id}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  /** Ids of the events that a condition holds for; undefined while there is none. */
  async function idsOf(condition: string, value: string): Promise<string[] | undefined> {
    const rows = await system.query<{ event_id: string }>(`SELECT event_id FROM events WHERE ${condition}`, [
      value,
    ]);
    return rows.length > 0 ? rows.map(({ event_id: id }) => id) : undefined;
  }

  test(
    'on a phone a visitor finds a scholarship, leaves an address, chooses a password by the mail and signs in; each event is its row in A8',
    async () => {
      walk = await Walk.begin(browser, known, 'phone');
      const email = `visitor-${randomUUID()}@example.org`;
      await walk.go(urls.landing);
      await walk.go(() => walk.page.locator('main a[href^="/p/"]').last().click());
      await walk.page.getByLabel('E-mail address').fill(email);
      await formIsOldEnough();
      const trace = await walk.traceId();
      await walk.send(() => walk.click('button', 'Keep me posted'));
      await walk.headed('Thank you');
      const left = await waitFor(
        () => idsOf(`event_type = 'NewLead' AND split_part(traceparent, '-', 2) = $1`, trace),
        { timeoutMs: STEP_MS, what: 'the row of the lead' },
      );
      // The account is made at once or a little later; either way it has the hash of the address.
      const hash = createEmailVault(await system.secret('scholar_auth', 'EMAIL_HASH_KEY')).hash(email);
      const made = await waitFor(() => idsOf(`payload->>'email_hash' = $1`, hash), {
        timeoutMs: STEP_MS,
        what: 'the row of the new user',
      });
      expect([left.length, made.length]).toEqual([1, 1]);

      await walk.go(`${urls.student}/signup`);
      await walk.page.getByLabel('E-mail address').fill(email);
      await walk.page.getByLabel('Password').fill(PASSWORD);
      await walk.send(() => walk.click('button', 'Make my account'));
      expect(await walk.errorOf('E-mail address')).toContain('look into your mail');
      const link = await linkInMail(email, 'Choose your password');
      await walk.go(() => walk.click('link', link));
      await walk.page.getByLabel('New password').fill(PASSWORD);
      await walk.send(() => walk.click('button', 'Set my password'));
      await walk.headed('Password set');

      await walk.go(`${urls.student}/login`);
      await walk.page.getByLabel('E-mail address').fill(email);
      await walk.page.getByLabel('Password').fill(PASSWORD);
      await walk.send(() => walk.click('button', 'Sign in'));
      await walk.page.getByRole('button', { name: 'Sign out' }).waitFor();
      expect(walk.faults).toEqual([]);
      await expectExactRows(system, [...left, ...made], STEP_MS);
    },
    PATIENCE_MS,
  );

  /** What A7 takes for a person: its form was open for longer than a program needs. */
  async function formIsOldEnough(): Promise<void> {
    const token = await walk.page.locator('input[name=form_token]').inputValue();
    const mintedAt = Number.parseInt(token, 10);
    await waitFor(() => Date.now() - mintedAt > 1_500, { what: 'the least time to fill in a form' });
  }

  test.each(['student', 'provider'] as const)(
    'by the keyboard alone a %s takes the data out, deletes the account with the password, and sees each part confirm it',
    async (role) => {
      walk = await Walk.begin(browser, known);
      const email = `leaving-${randomUUID()}@example.org`;
      await signUp(urls.accounts, { email, password: PASSWORD, role });
      const signIn = async () => {
        await walk.go(`${urls[role]}/login`);
        await walk.type('E-mail address', email);
        await walk.type('Password', PASSWORD);
        await walk.send(() => walk.press('Sign in'));
      };
      await signIn();
      await walk.go(() => walk.press('Your data'));

      await walk.type('Your password', 'not my password');
      await walk.send(() => walk.press('Download my data'));
      expect(await walk.errorOf('Your password')).toBe('This is not the password of this account.');
      expect(walk.landed).toBe('Your password');
      await walk.type('Your password', PASSWORD);
      const [download] = await Promise.all([
        walk.page.waitForEvent('download'),
        walk.press('Download my data'),
      ]);
      expect(download.suggestedFilename()).toBe('my-data.json');
      const taken = JSON.parse(await readFile(await download.path(), 'utf8'));
      expect(taken).toMatchObject({ complete: true, services: { scholar_auth: { users: [{ email }] } } });

      const toDelete = 'Your password, to delete the account';
      await walk.send(() => walk.press('Delete my account'));
      expect(await walk.errorOf(toDelete)).toBe('Enter your password.');
      expect(walk.landed).toBe(toDelete);
      await walk.type(toDelete, PASSWORD);
      await walk.send(() => walk.press('Delete my account'));
      await walk.headed('Your account is being deleted');
      await walk.says('0 of 8 parts of scholar have confirmed.');
      await walk.says('Copies on its disks');
      await waitFor(
        async () => {
          await hurryErasures(system);
          await walk.page.reload();
          return (await walk.page.getByText('Your account is deleted').count()) > 0;
        },
        { timeoutMs: STEP_MS, intervalMs: 1_000, what: 'the end of the erasure' },
      );
      // Looked at like every page.
      await walk.go(walk.page.url());
      await signIn();
      await walk.says('The e-mail address or the password is wrong.');
      expect(walk.faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
    },
    PATIENCE_MS,
  );

  test.each(['student', 'provider'] as const)(
    'by the keyboard alone a %s changes the password, and signs in with the new one and not with the old one',
    async (role) => {
      walk = await Walk.begin(browser, known);
      const email = `changing-${randomUUID()}@example.org`;
      const next = 'four other words together';
      await signUp(urls.accounts, { email, password: PASSWORD, role });
      const signIn = async (password: string) => {
        await walk.type('E-mail address', email);
        await walk.type('Password', password);
        await walk.send(() => walk.press('Sign in'));
      };
      await walk.go(`${urls[role]}/password/change`);
      // Who is not signed in is asked to first; where students were going is remembered.
      await signIn(PASSWORD);
      await walk.go(() => walk.press('Your data'));
      await walk.go(() => walk.press('Change your password'));

      await walk.type('Old password', 'not my password');
      await walk.type('New password', next);
      await walk.send(() => walk.press('Change my password'));
      expect(await walk.errorOf('Old password')).toContain('not your password');
      expect(walk.landed).toBe('Old password');
      await walk.type('Old password', PASSWORD);
      await walk.type('New password', 'Qwerty123456');
      await walk.send(() => walk.press('Change my password'));
      expect(await walk.errorOf('New password')).toContain('lists of leaked passwords');
      expect(walk.landed).toBe('New password');
      await walk.type('Old password', PASSWORD);
      await walk.type('New password', next);
      await walk.send(() => walk.press('Change my password'));
      await walk.says('Your password is changed');
      await signIn(PASSWORD);
      await walk.says('The e-mail address or the password is wrong.');
      await signIn(next);
      await walk.go(() => walk.press('Your data'));
      expect(walk.faults).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'pages that do not exist say so and lead back, on a desk and on a phone',
    async () => {
      walk = await Walk.begin(browser, known);
      for (const url of [urls.student, urls.provider, urls.landing]) {
        await walk.go(`${url}/nowhere`);
        await walk.headed('This page does not exist');
        await walk.go(() => walk.press('Back to the start'));
      }
      // The browser tells a 404 as an error, which it is meant to be.
      expect(walk.faults.filter((fault) => !/status of 404/.test(fault))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
