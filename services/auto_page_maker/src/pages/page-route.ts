import { type Express, HttpProblem, type Request, type Response, sendPage } from '@scholar/runtime/http';
import type { PublicBase } from '../http/public-base.ts';
import { thanksPage } from './landing-pages.ts';
import { EMPTY_FORM } from './lead-form.ts';
import type { LandingPage, Look, PageService } from './page-service.ts';

export type PageRouteDeps = {
  pages: PageService;
  publicBase: PublicBase;
  /** The entity tag of a page, from what of it lasts. */
  tagOf: (lasting: LandingPage['lasting']) => string;
};

/** GET /, GET /p/{slug} and GET /thanks. */
export function pageRoutes(app: Express, { pages, publicBase, tagOf }: PageRouteDeps): void {
  const look = (request: Request): Look => ({ state: EMPTY_FORM, base: publicBase(request) });

  function send(response: Response, { page, lasting }: LandingPage): void {
    // Anybody may keep a copy, and asks with its tag whether it still holds: the form in it grows too old at some time.
    response.set({ 'cache-control': 'public, no-cache', etag: tagOf(lasting) });
    sendPage(response, page);
  }

  app.get('/', async (request, response) => {
    send(response, await pages.index(look(request)));
  });

  app.get('/p/:slug', async (request, response) => {
    const landing = await pages.landing(request.params.slug, look(request));
    if (!landing) {
      const detail = 'There is no such page any more. The start page lists what is open now.';
      throw new HttpProblem({ status: 404, code: 'not_found', detail });
    }
    send(response, landing);
  });

  app.get('/thanks', (_request, response) => {
    sendPage(response, thanksPage());
  });
}
