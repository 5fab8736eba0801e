import { type Express, prefersHtml, type RequestHandler } from '@scholar/runtime/http';
import type { CountView } from '@scholar/runtime/page-views';
import { visitorOf } from '@scholar/runtime/sign-in';

/** Pages that people look at, by what events call them, and who is shown them; others are led elsewhere. */
const PAGES = [
  { path: '/', source: '/', shown: ['no', 'unavailable'] },
  { path: '/login', source: '/login', shown: ['no', 'unavailable', 'yes'] },
  { path: '/scholarships', source: '/scholarships', shown: ['yes'] },
  { path: '/my-data', source: '/my-data', shown: ['yes'] },
] as const;

/** Counts looks at the pages of this service, for who has agreed to it. Add it before their routes. */
export function countPages(app: Express, deps: { visitor: RequestHandler; countView: CountView }): void {
  for (const { path, source, shown } of PAGES) {
    app.get(path, deps.visitor, async (request, response, next) => {
      const isShown = shown.some((signedIn) => signedIn === visitorOf(response).signedIn);
      if (isShown && prefersHtml(request)) await deps.countView(request, response, source);
      next();
    });
  }
}
