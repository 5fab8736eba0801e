import { unlessAway } from '@scholar/runtime/away';
import { type Express, html, notice, type Request, type SafeHtml } from '@scholar/runtime/http';
import { CHANGE_PASSWORD_LINK, visitorOf } from '@scholar/runtime/sign-in';
import type { Pool } from 'pg';
import { withNext } from '../accounts/account-pages.ts';
import type { Pages } from '../pages/pages.ts';
import { notKept, sessionNotice, signOutForm } from '../pages/session-notice.ts';
import { onlySignedIn } from '../sessions/only-signed-in.ts';
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
      const profile = await unlessAway(() => loadProfile(pool, subject));
      // An empty form would be taken for the profile, and saved over it.
      if (!profile) return { title: TITLE, body: profileAway() };
      const above = request.query['saved'] === '1' ? saved() : welcome(request);
      return { title: TITLE, body: profilePage(toForm(profile), above) };
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
    const { subject } = visitor.principal;
    const kept = await unlessAway(async () => ({ done: await saveProfile(pool, subject, profile) }));
    if (kept) response.redirect(303, '/profile?saved=1');
    else
      pages.show(response, {
        path: '/profile',
        title: TITLE,
        body: profilePage(form, notKept()),
        status: 503,
      });
  });
}

function welcome(request: Request): SafeHtml | undefined {
  if (request.query['welcome'] !== '1') return undefined;
  const text =
    'Your account is made. Look into your mail for a link that confirms your address; everything here works meanwhile.';
  return notice('good', text);
}

function saved(): SafeHtml {
  return notice('good', html`Saved. <a href="/matches">See what fits</a>.`);
}

function profileAway(): SafeHtml {
  const text =
    'Your profile cannot be shown just now. It is safe, and everything else works: please try again in a moment.';
  return html`<h1>${TITLE}</h1>${notice('bad', text)}${signOutForm()}`;
}

function profilePage(form: ProfileForm, above: SafeHtml | undefined): SafeHtml {
  const wrong = Object.keys(form.errors).length > 0;
  return html`<h1>${TITLE}</h1>
<p class="lead">Everything is optional, stays with us, and is used for nothing but your matches.</p>
${above}${wrong && notice('bad', 'Nothing was saved yet: please look at what is marked below.')}
<form class="card" method="post" action="/profile">${profileFields(form)}<button>Save</button></form>
${CHANGE_PASSWORD_LINK}
${signOutForm()}`;
}
