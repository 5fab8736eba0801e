import type { CanaryTokenOf } from '@scholar/runtime/auth';
import { type Express, type Request, type Response, type SafeHtml, sendPage } from '@scholar/runtime/http';
import { createPageViews } from '@scholar/runtime/page-views';
import type { ServiceDeps } from '@scholar/runtime/service';
import { visitorOf } from '@scholar/runtime/sign-in';

/** `scripts`: paths of islands, without which the page works as well. */
export type Content = { title: string; body: SafeHtml; scripts?: readonly string[] };

/** What a page shows, or where to go instead. */
export type Rendered = Content | { redirect: string };

export type Render = (request: Request, response: Response) => Rendered | Promise<Rendered>;

export interface Pages {
  /** Adds a page. Looking at it is one PageView where the visitor has agreed to be counted. */
  get(app: Express, path: string, render: Render): void;
  /** Sends a page as the answer to a form. */
  show(response: Response, page: Content & { path: string; status?: number }): void;
}

const NAV = [
  { href: '/scholarships', text: 'Scholarships' },
  { href: '/profile', text: 'Profile' },
  { href: '/matches', text: 'Matches' },
  { href: '/ask', text: 'Ask' },
] as const;

export function createPages(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & { canaryTokenOf: CanaryTokenOf },
): Pages {
  const countView = createPageViews(deps);

  function show(response: Response, page: Content & { path: string; status?: number }): void {
    const { path, title, body, scripts = [], status = 200 } = page;
    const signedIn = visitorOf(response).signedIn === 'yes';
    const last = signedIn ? { href: '/my-data', text: 'Your data' } : { href: '/login', text: 'Sign in' };
    const nav = [...NAV, last];
    // Pages show who somebody is: neither a shared cache nor the next user of this browser may keep them.
    response.set('cache-control', 'no-store');
    if (status === 503) response.set('retry-after', '2');
    sendPage(
      response,
      {
        title,
        body,
        scripts,
        service: 'Student pilot',
        nav: nav.map((item) => ({ ...item, current: item.href === path })),
      },
      status,
    );
  }

  return {
    get(app, path, render) {
      app.get(path, async (request, response) => {
        const rendered = await render(request, response);
        if ('redirect' in rendered) {
          response.redirect(303, rendered.redirect);
          return;
        }
        await countView(request, response, path);
        show(response, { path, ...rendered });
      });
    },
    show,
  };
}
