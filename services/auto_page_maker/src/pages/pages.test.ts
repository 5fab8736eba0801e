import { waitFor } from '@scholar/runtime/testing';
import { type PageMakerRig, scholarship, startPageMaker } from '../testing/page-maker-rig.ts';

let rig: PageMakerRig;
beforeAll(async () => {
  rig = await startPageMaker();
  rig.setCatalogue([
    scholarship('s1', { title: 'Merit & <Award>' }),
    scholarship('s2', { fields_of_study: ['history'], deadline: null }),
    scholarship('s3', { regions: [] }),
  ]);
  await waitFor(async () => (await rig.page('/')).includes('Award s3'));
});
afterAll(() => rig.stop());

const linksIn = (page: string): string[] =>
  [...page.matchAll(/href="(\/p\/[^"]+)"/g)].map(([, href]) => href ?? '');

describe('landing pages', () => {
  test('the start page leads to every field, region and scholarship, and each of them answers', async () => {
    const links = linksIn(await rig.page('/'));
    expect(links).toEqual(
      expect.arrayContaining(['/p/field-computer-science', '/p/field-history', '/p/region-ontario']),
    );
    expect(links).toHaveLength(6);
    for (const link of links) {
      const response = await rig.fetch(link);
      expect([link, response.status]).toEqual([link, 200]);
      expect(await response.text()).toContain('action="/leads"');
    }
  });

  test('text of the catalogue is shown, never executed', async () => {
    const page = await rig.page('/');
    expect(page).toContain('Merit &amp; &lt;Award&gt;');
    expect(page).not.toContain('<Award>');
  });

  test('the page of a scholarship carries its id and its slug in the form', async () => {
    const link = linksIn(await rig.page('/')).find((href) => href.includes('award-s2')) ?? '';
    const page = await rig.page(link);
    expect(page).toContain('name="scholarship_id" value="s2"');
    expect(page).toContain(`name="page" value="${link.slice('/p/'.length)}"`);
    expect(page).toContain('apply at any time');
  });

  test('what does not exist is a page that says so', async () => {
    for (const slug of ['no-such-page', 'field-alchemy', '..%2Fx', 'UPPER']) {
      const response = await rig.fetch(`/p/${slug}`, { headers: { accept: 'text/html' } });
      expect([slug, response.status]).toEqual([slug, 404]);
    }
  });

  test('pages stand while scholarship_api is away or answers nonsense, and follow it when it is back', async () => {
    for (const fault of [
      { status: 503 },
      { status: 200, body: { error: 'hello' } },
      { status: 200, body: 'x' },
    ]) {
      let asked = 0;
      rig.setCatalogue(() => {
        asked += 1;
        return fault;
      });
      await waitFor(() => asked > 1);
      expect(await rig.page('/')).toContain('Award s3');
    }
    rig.setCatalogue([scholarship('s4')]);
    await waitFor(async () => (await rig.page('/')).includes('Award s4'));
    expect(await rig.page('/')).not.toContain('Award s3');
  });
});

test('on the very first start without scholarship_api there is a page with the lead form', async () => {
  const lonely = await startPageMaker({ A2_URL: 'http://127.0.0.1:9' });
  const page = await lonely.page('/');
  expect(page).toContain('action="/leads"');
  expect(page).toContain('The catalogue is being loaded');
  await lonely.stop();
});
