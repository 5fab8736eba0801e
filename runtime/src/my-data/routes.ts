import { z } from 'zod';
import { type Express, type Request, type Response, type SafeHtml, sameOriginOnly } from '../http/index.ts';
import { clearSession, onlyPeople, textOf, visitorOf } from '../sign-in/index.ts';
import { ERASED_TITLE, ERASURE_TITLE, erasurePage } from './erasure-page.ts';
import { type Again, MY_DATA_TITLE, myDataPage, UNAVAILABLE } from './pages.ts';
import type { Asked, Owner, PrivacyApi } from './privacy-api.ts';

export const MY_DATA_PATH = '/my-data';

export type MyDataDeps = {
  privacy: PrivacyApi;
  /** What the service keeps about whoever is signed in, in words for them. */
  kept: string;
  show: (response: Response, page: { path: string; title: string; body: SafeHtml; status?: number }) => void;
  /** Where who is not signed in is led. */
  signIn: string;
};

/**
 * What a person can do about their own data, for a service with pages. Each form asks for the password.
 * GET /my-data · POST /my-data/export: the file · POST /my-data/erase: 303 to GET /my-data/erasures/:id, which needs no
 * sign-in, because by then there is none. A service is refused (403): it is nobody whose data this could be.
 */
export function myDataRoutes(app: Express, deps: MyDataDeps): void {
  function show(response: Response, { status = 200, again }: { status?: number; again?: Again } = {}): void {
    const body = myDataPage({ kept: deps.kept, again });
    deps.show(response, { path: MY_DATA_PATH, title: MY_DATA_TITLE, body, status });
  }

  /** What was asked for; undefined when the answer is given already. */
  async function submit<T>(
    { request, response }: { request: Request; response: Response },
    form: Again['form'],
    ask: (owner: Owner) => Promise<Asked<T>>,
  ): Promise<T | undefined> {
    const { accessToken, signedIn } = visitorOf(response);
    if (signedIn === 'unavailable')
      return show(response, { again: { form, altogether: UNAVAILABLE } }) as undefined;
    if (accessToken === undefined) return response.redirect(303, deps.signIn) as undefined;
    const password = textOf(request.body, `${form}_password`);
    if (password === '')
      return show(response, { status: 422, again: { form, password: 'Enter your password.' } }) as undefined;
    const asked = await ask({ accessToken, password });
    if (asked.kind === 'ok') return asked.value;
    if (asked.kind === 'signed_out') response.redirect(303, deps.signIn);
    else if (asked.kind === 'refused')
      show(response, { status: asked.status, again: { form, password: asked.words } });
    else show(response, { again: { form, altogether: UNAVAILABLE } });
    return undefined;
  }

  app.get(MY_DATA_PATH, onlyPeople, (_request, response) => {
    const { signedIn } = visitorOf(response);
    if (signedIn === 'no') response.redirect(303, deps.signIn);
    else show(response);
  });

  app.post(`${MY_DATA_PATH}/export`, sameOriginOnly(), onlyPeople, async (request, response) => {
    const all = await submit({ request, response }, 'export', deps.privacy.takeOut);
    if (all === undefined) return;
    response.set({
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="my-data.json"',
    });
    response.type('json').send(`${JSON.stringify(all, undefined, 2)}\n`);
  });

  app.post(`${MY_DATA_PATH}/erase`, sameOriginOnly(), onlyPeople, async (request, response) => {
    const requested = await submit({ request, response }, 'erase', deps.privacy.erase);
    if (requested === undefined) return;
    clearSession(response);
    response.redirect(303, `${MY_DATA_PATH}/erasures/${requested.request_id}`);
  });

  app.get(`${MY_DATA_PATH}/erasures/:id`, async (request, response) => {
    const id = z.uuid().safeParse(request.params['id']).data;
    const status = id === undefined ? undefined : await deps.privacy.status(id);
    const title = status?.finished_at ? ERASED_TITLE : ERASURE_TITLE;
    deps.show(response, { path: MY_DATA_PATH, title, body: erasurePage(status) });
  });
}
