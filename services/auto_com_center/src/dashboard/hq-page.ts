import { html, type Request, type Response, type SafeHtml, sendPage } from '@scholar/runtime/http';
import { csrfTokenOf } from '../access/csrf-token.ts';
import { readSessionCookie } from '../access/session-cookie.ts';
import { ASSETS } from './assets.ts';

const NAV = [
  { href: '/', text: 'Overview' },
  { href: '/live', text: 'Live' },
  { href: '/volume', text: 'Volume' },
  { href: '/refused', text: 'Refused' },
] as const;

export type HqPath = (typeof NAV)[number]['href'];

export type HqPage = {
  title: string;
  /** The entry of the navigation that this page is; none for a page below one. */
  current?: HqPath;
  body: SafeHtml;
  scripts?: readonly string[];
};

/** Sends a page of HQ: the navigation, the body, and the way out. */
export function sendHqPage(request: Request, response: Response, page: HqPage): void {
  const { title, current, body, scripts = [] } = page;
  const csrf = csrfTokenOf(readSessionCookie(request) ?? '');
  sendPage(response, {
    title,
    service: 'A8 HQ',
    nav: NAV.map((item) => ({ ...item, current: item.href === current })),
    body: html`<link rel="stylesheet" href="${ASSETS.stylesheet}">
${body}
<footer class="hq-foot"><p class="fine">All times are UTC; yours is shown when you point at one. <a href="/api">API</a></p>
<form class="inline" method="post" action="/session/end"><input type="hidden" name="csrf" value="${csrf}">
<button class="quiet" type="submit">Sign out</button></form></footer>`,
    scripts: [ASSETS.localTimes, ...scripts],
  });
}
