import { waitFor } from '@scholar/runtime/testing';
import { type PageMakerRig, scholarship, startPageMaker } from '../testing/page-maker-rig.ts';

let rig: PageMakerRig;
let link: string;
beforeAll(async () => {
  rig = await startPageMaker();
  rig.setCatalogue([scholarship('s1')]);
  await waitFor(async () => (await rig.page('/')).includes('Award s1'));
  link = /href="(\/p\/award-[^"]+)"/.exec(await rig.page('/'))?.[1] ?? '';
});
afterAll(() => rig.stop());
beforeEach(() => rig.pool.query('DELETE FROM leads'));

/** What a browser would send for the form on this page. */
async function formOf(path: string): Promise<Record<string, string>> {
  const inputs = [...(await rig.page(path)).matchAll(/<input[^>]* name="([^"]+)"[^>]*>/g)];
  return Object.fromEntries(inputs.map(([tag, name]) => [name, / value="([^"]*)"/.exec(tag)?.[1] ?? '']));
}

async function send(
  fields: Record<string, string>,
): Promise<{ status: number; to: string | null; page: string }> {
  const response = await rig.fetch('/leads', {
    method: 'POST',
    headers: { accept: 'text/html' },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, to: response.headers.get('location'), page: await response.text() };
}

const leads = async () => (await rig.pool.query('SELECT * FROM leads')).rows;

describe('the lead form', () => {
  test('stores a lead with the page that it came from and says thank you', async () => {
    const answer = await send({ ...(await formOf(link)), email: 'ada@example.org', name: 'Ada' });
    expect([answer.status, answer.to]).toEqual([303, '/thanks']);
    expect(await rig.page('/thanks')).toContain('Thank you');
    expect(await leads()).toEqual([
      expect.objectContaining({
        email: 'ada@example.org',
        name: 'Ada',
        scholarship_id: 's1',
        page: link.slice('/p/'.length),
      }),
    ]);
    expect((await rig.events()).at(-1)?.event.source).toBe(link);
  });

  test('sent twice, it is one lead; from a cached page, two visitors are two', async () => {
    const form = { ...(await formOf(link)), email: 'ada@example.org' };
    const answers = await Promise.all([send(form), send(form), send(form)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await leads()).toHaveLength(1);
    await send({ ...form, email: 'grace@example.org' });
    expect(await leads()).toHaveLength(2);
  });

  test('a wrong address comes back beside its field, with what was typed, and the next try works', async () => {
    const { status, page } = await send({ ...(await formOf(link)), email: 'ada@', name: '"Ada" <b>' });
    expect(status).toBe(422);
    expect(page).toMatch(
      /<input[^>]* name="email"[^>]* aria-invalid="true" aria-describedby="field-email-error"[^>]* value="ada@"/,
    );
    expect(page).toContain('id="field-email-error">This is not an e-mail address');
    expect(page).toContain('value="&quot;Ada&quot; &lt;b&gt;"');
    expect(page).toContain('Award s1');
    expect(await leads()).toEqual([]);
  });

  test('an empty form asks for the address', async () => {
    const { status, page } = await send(await formOf('/'));
    expect(status).toBe(422);
    expect(page).toContain('Please enter your e-mail address');
  });

  test.each([
    ['without the token of a page', { form_token: '' }, 'not made by this page'],
    ['with the hidden field filled in', { website: 'http://spam.example' }, 'people do not see'],
  ])('%s it is shown again, with a way on', async (_what, change, words) => {
    const { status, page } = await send({ ...(await formOf(link)), email: 'ada@example.org', ...change });
    expect(status).toBe(422);
    expect(page).toContain(words);
    expect(page).toContain('value="ada@example.org"');
    expect(page).not.toContain('spam.example');
    expect(await leads()).toEqual([]);
  });

  test('a form that comes back at once is shown again', async () => {
    const careful = await startPageMaker({ FORM_MIN_FILL: '1h' });
    const token = /name="form_token" value="([^"]+)"/.exec(await careful.page('/'))?.[1] ?? '';
    const body = new URLSearchParams({ email: 'ada@example.org', form_token: token });
    const response = await careful.fetch('/leads', { method: 'POST', body });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('faster than a person types');
    await careful.stop();
  });

  test('one network sends as many as it may; the next form is shown again with what was typed, and is no lead', async () => {
    const strict = await startPageMaker({ FORMS_PER_NETWORK: '2' });
    try {
      const leave = async (number: number, headers: Record<string, string> = {}) => {
        const token = /name="form_token" value="([^"]+)"/.exec(await strict.page('/'))?.[1] ?? '';
        const body = new URLSearchParams({ email: `ada+${number}@example.org`, form_token: token });
        return strict.fetch('/leads', { method: 'POST', headers: { accept: 'text/html', ...headers }, body });
      };
      const first = [await leave(1), await leave(2)];
      expect(first.map(({ status }) => status)).toEqual([303, 303]);
      const refused = await leave(3);
      expect(refused.status).toBe(429);
      const page = await refused.text();
      expect(page).toContain('Many forms came from your network');
      expect(page).toContain('value="ada+3@example.org"');
      // Behind a proxy of ours each visitor is somebody of their own.
      expect((await leave(4, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(303);
      expect((await strict.pool.query('SELECT FROM leads')).rowCount).toBe(3);
    } finally {
      await strict.stop();
    }
  });

  test('every input has a label', async () => {
    const page = await rig.page(link);
    const ids = [...page.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(page).toContain(`<label for="${id}">`);
  });
});
