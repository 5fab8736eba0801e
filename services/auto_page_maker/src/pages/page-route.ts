import { type Express, HttpProblem, sendPage } from '@scholar/runtime/http';
import { thanksPage } from './landing-pages.ts';
import { EMPTY_FORM } from './lead-form.ts';
import type { PageService } from './page-service.ts';

/** GET /, GET /p/{slug} and GET /thanks. */
export function pageRoutes(app: Express, pages: PageService): void {
  app.get('/', async (_request, response) => {
    // Each page carries a form token of its own; kept by a shared cache it would grow too old to be taken.
    response.set('cache-control', 'no-cache');
    sendPage(response, await pages.index(EMPTY_FORM));
  });

  app.get('/p/:slug', async (request, response) => {
    const page = await pages.landing(request.params.slug, EMPTY_FORM);
    if (!page) {
      const detail = 'There is no such page any more. The start page lists what is open now.';
      throw new HttpProblem({ status: 404, code: 'not_found', detail });
    }
    response.set('cache-control', 'no-cache');
    sendPage(response, page);
  });

  app.get('/thanks', (_request, response) => {
    sendPage(response, thanksPage());
  });
}
