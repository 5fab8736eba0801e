import { type Express, prefersHtml, type RequestHandler } from '@scholar/runtime/http';
import type { CountView } from '@scholar/runtime/page-views';
import { visitorOf } from '@scholar/runtime/sign-in';

/** Pages that people look at, by what events call them; some are for who is signed in. */
const PAGES = [
  { path: '/', source: '/', signedIn: false },
  { path: '/login', source: '/login', signedIn: false },
  { path: '/providers/:id', source: '/providers/{id}', signedIn: false },
  { path: '/scholarships', source: '/scholarships', signedIn: true },
  { path: '/payments', source: '/payments', signedIn: true },
  { path: '/my-data', source: '/my-data', signedIn: true },
] as const;

/** Counts looks at the pages of this service, for who has agreed to it. Add it before their routes. */
export function countPages(app: Express, deps: { visitor: RequestHandler; countView: CountView }): void {
  for (const { path, source, signedIn } of PAGES) {
    app.get(path, deps.visitor, async (request, response, next) => {
      const isShown = !signedIn || visitorOf(response).signedIn === 'yes';
      if (isShown && prefersHtml(request)) await deps.countView(request, response, source);
      next();
    });
  }
}
