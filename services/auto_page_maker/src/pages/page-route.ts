import {
  consentAsk,
  type Express,
  HttpProblem,
  type Request,
  type Response,
  sendPage,
} from '@scholar/runtime/http';
import type { CountView } from '@scholar/runtime/page-views';
import type { PublicBase } from '../http/public-base.ts';
import { thanksPage } from './landing-pages.ts';
import { EMPTY_FORM } from './lead-form.ts';
import type { LandingPage, Look, PageService } from './page-service.ts';
import { pageNumber } from './paging.ts';

export type PageRouteDeps = {
  pages: PageService;
  publicBase: PublicBase;
  /** The entity tag of a page, from what of it lasts. */
  tagOf: (lasting: LandingPage['lasting']) => string;
  countView: CountView;
};

/** GET /, GET /p/{slug} and GET /thanks. */
export function pageRoutes(app: Express, { pages, publicBase, tagOf, countView }: PageRouteDeps): void {
  const look = (request: Request): Look => ({ state: EMPTY_FORM, base: publicBase(request) });

  function send(response: Response, { page, lasting }: LandingPage): void {
    // Anybody may keep a copy, and asks with its tag whether it still holds: the form in it grows too old at some time.
    // What it says at its end about counting visits is what this browser answered.
    const consent = consentAsk(response);
    response.set({ 'cache-control': 'public, no-cache', etag: tagOf({ ...lasting, consent }) });
    response.vary('cookie, sec-gpc');
    sendPage(response, page);
  }

  app.get('/', async (request, response) => {
    const page = pageNumber(request.query['page']);
    const landing = page && (await pages.indexAt(page, look(request)));
    if (!landing) throw noSuchPage();
    await countView(request, response, '/');
    send(response, landing);
  });

  app.get('/p/:slug', async (request, response) => {
    const page = pageNumber(request.query['page']);
    const landing = page && (await pages.landing(request.params.slug, look(request), page));
    if (!landing) throw noSuchPage();
    await countView(request, response, '/p/{slug}');
    send(response, landing);
  });

  app.get('/thanks', async (request, response) => {
    await countView(request, response, '/thanks');
    sendPage(response, thanksPage());
  });
}

function noSuchPage(): HttpProblem {
  const detail = 'There is no such page any more. The start page lists what is open now.';
  return new HttpProblem({ status: 404, code: 'not_found', detail });
}
