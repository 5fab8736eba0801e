import type { Express, Request, Response } from 'express';
import { readCookie } from '../../auth/session-cookie.ts';
import { sameOriginOnly } from '../same-origin-only.ts';
import { html, type SafeHtml } from './html.ts';

/** What a visitor answered. It holds an answer and no id: it tells nobody apart. */
export const CONSENT_COOKIE = 'scholar_consent';
/** A random id of this browser's visit, for the session_id of events; there only with consent. */
export const VISIT_COOKIE = 'scholar_visit';

export type Consent = 'given' | 'refused' | 'unasked';

const CONSENT_PATH = '/consent';
/** An answer is asked for anew after half a year. */
const REMEMBERED_MS = 180 * 86_400_000;
const LONGEST_PATH = 2_000;

/** How a page asks: what was answered so far, and the page to come back to. */
export type ConsentAsk = { consent: Consent; back: string };

/** May visits of this browser be counted? A browser that sends Global Privacy Control has answered for its owner. */
export function consentOf(request: Pick<Request, 'headers'>): Consent {
  const said = readCookie(request, CONSENT_COOKIE);
  if (said === 'views') return 'given';
  if (said === 'none') return 'refused';
  return request.headers['sec-gpc'] === '1' ? 'refused' : 'unasked';
}

/**
 * Has the pages of a service ask whether visits may be counted: at the end of each page that is looked at, never over
 * it, both answers alike, and the answer can be taken back there at any time. Add it before the routes.
 * POST /consent `choice=yes|no&back=PATH`: 303 to the page it came from.
 */
export function askConsent(app: Express): void {
  app.use((request, response, next) => {
    // Not on the answer to a form: what was typed would be gone.
    if (request.method === 'GET')
      response.locals[CONSENT_COOKIE] = { consent: consentOf(request), back: request.originalUrl };
    next();
  });
  app.post(CONSENT_PATH, sameOriginOnly(), (request, response) => {
    const { choice, back } = fieldsOf(request.body);
    remember(response, choice === 'yes');
    response.redirect(303, ownPath(back));
  });
}

/** How the page of this answer asks; undefined where it does not. */
export function consentAsk(response: Response): ConsentAsk | undefined {
  return response.locals[CONSENT_COOKIE] as ConsentAsk | undefined;
}

const ANSWERS = {
  unasked: {
    text: 'May we count that you looked at our pages? It shows us what is useful. Nothing else changes, whatever you answer.',
    buttons: [
      { choice: 'yes', text: 'Count my visits' },
      { choice: 'no', text: 'Do not count them' },
    ],
  },
  given: { text: 'Your visits are counted.', buttons: [{ choice: 'no', text: 'Stop counting my visits' }] },
  refused: { text: 'Your visits are not counted.', buttons: [{ choice: 'yes', text: 'Count my visits' }] },
} as const;

/** The end of a page that asks, or says what was answered. */
export function consentFooter({ consent, back }: ConsentAsk): SafeHtml {
  const { text, buttons } = ANSWERS[consent];
  return html`<footer class="consent"><form class="wrap" method="post" action="${CONSENT_PATH}">
<p>${text}</p><input type="hidden" name="back" value="${back}">
<p class="row">${buttons.map((button) => html`<button class="quiet" name="choice" value="${button.choice}">${button.text}</button>`)}</p>
</form></footer>
`;
}

function remember(response: Response, counted: boolean): void {
  // On this machine pages come over plain http, where a browser would drop a Secure cookie.
  const attributes = {
    httpOnly: true,
    sameSite: 'lax',
    secure: response.req.secure,
    path: '/',
  } as const;
  response.cookie(CONSENT_COOKIE, counted ? 'views' : 'none', { ...attributes, maxAge: REMEMBERED_MS });
  if (!counted) response.clearCookie(VISIT_COOKIE, attributes);
}

function fieldsOf(body: unknown): { choice?: unknown; back?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}

/** A path of this service; the start page for whatever could lead elsewhere. */
function ownPath(back: unknown): string {
  const isOwn = typeof back === 'string' && back.length <= LONGEST_PATH && /^\/(?![/\\])[!-~]*$/.test(back);
  return isOwn ? back : '/';
}
