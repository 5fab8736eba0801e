import { type Express, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { withNext } from '../accounts/account-pages.ts';
import type { Pages } from '../pages/pages.ts';
import { sessionNotice, signOutForm } from '../pages/session-notice.ts';
import { onlySignedIn } from '../sessions/only-signed-in.ts';
import { visitorOf } from '../sessions/visitor.ts';
import { type ProfileForm, readProfileForm, toForm } from './profile.ts';
import { profileFields } from './profile-fields.ts';
import { loadProfile, saveProfile } from './profile-store.ts';

const TITLE = 'Your profile';

/** GET and POST /profile: what the student says about themself, kept for the matches. */
export function profileRoutes(app: Express, deps: { pool: Pool; pages: Pages }): void {
  const { pool, pages } = deps;
  pages.get(
    app,
    '/profile',
    onlySignedIn('/profile', TITLE, async ({ subject }, request) => {
      const above = request.query['saved'] === '1' ? saved() : undefined;
      return { title: TITLE, body: profilePage(toForm(await loadProfile(pool, subject)), above) };
    }),
  );

  app.post('/profile', async (request, response) => {
    const visitor = visitorOf(response);
    const { profile, form } = readProfileForm(request.body);
    if (visitor.signedIn === 'no') {
      response.redirect(303, withNext('/login', '/profile'));
      return;
    }
    if (!visitor.principal || !profile) {
      const status = visitor.principal ? 422 : 200;
      const body = profilePage(form, sessionNotice(visitor));
      pages.show(response, { path: '/profile', title: TITLE, body, status });
      return;
    }
    await saveProfile(pool, visitor.principal.subject, profile);
    response.redirect(303, '/profile?saved=1');
  });
}

function saved(): SafeHtml {
  return notice('good', html`Saved. <a href="/matches">See what fits</a>.`);
}

function profilePage(form: ProfileForm, above: SafeHtml | undefined): SafeHtml {
  const wrong = Object.keys(form.errors).length > 0;
  return html`<h1>${TITLE}</h1>
<p class="lead">Everything is optional, stays with us, and is used for nothing but your matches.</p>
${above}${wrong && notice('bad', 'Nothing was saved yet: please look at what is marked below.')}
<form class="card" method="post" action="/profile">${profileFields(form)}<button>Save</button></form>
${signOutForm()}`;
}
