import { ANONYMOUS, type CanaryTokenOf } from '@scholar/runtime/auth';
import { type Express, type Request, type Response, type SafeHtml, sendPage } from '@scholar/runtime/http';
import type { ServiceDeps } from '@scholar/runtime/service';
import { unlessAway } from '../http/unless-away.ts';
import { visitOf } from '../sessions/visit.ts';
import { visitorOf } from '../sessions/visitor.ts';

export type Content = { title: string; body: SafeHtml };

/** What a page shows, or where to go instead. */
export type Rendered = Content | { redirect: string };

export type Render = (request: Request, response: Response) => Rendered | Promise<Rendered>;

export interface Pages {
  /**
   * Adds a page. Looking at it is one PageView, committed before the page is sent; while our database is away the page is
   * shown uncounted.
   */
  get(app: Express, path: string, render: Render): void;
  /** Sends a page as the answer to a form. */
  show(response: Response, page: Content & { path: string; status?: number }): void;
}

const NAV = [
  { href: '/profile', text: 'Profile' },
  { href: '/matches', text: 'Matches' },
  { href: '/ask', text: 'Ask' },
] as const;

export function createPages(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & { canaryTokenOf: CanaryTokenOf },
): Pages {
  async function recordView(request: Request, response: Response, source: string): Promise<void> {
    const view = {
      eventType: 'PageView',
      actorId: visitorOf(response).principal?.subject ?? ANONYMOUS,
      sessionId: visitOf(request, response),
      source,
      payload: {},
      canaryToken: deps.canaryTokenOf(request),
    } as const;
    await unlessAway(() => deps.withTransaction((tx) => deps.record(tx, view)));
  }

  function show(response: Response, page: Content & { path: string; status?: number }): void {
    const { path, title, body, status = 200 } = page;
    const signedIn = visitorOf(response).signedIn === 'yes';
    const nav = signedIn ? NAV : [...NAV, { href: '/login', text: 'Sign in' }];
    // Pages show who somebody is: neither a shared cache nor the next user of this browser may keep them.
    response.set('cache-control', 'no-store');
    if (status === 503) response.set('retry-after', '2');
    sendPage(
      response,
      {
        title,
        body,
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
        if (request.method === 'GET') await recordView(request, response, path);
        show(response, { path, ...rendered });
      });
    },
    show,
  };
}
