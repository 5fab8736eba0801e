import type { Response } from 'express';
import { PASSWORD_ISLAND } from './assets.ts';
import { type ConsentAsk, consentAsk, consentFooter } from './consent.ts';
import { html, type SafeHtml } from './html.ts';
import { type Metadata, renderMetadata } from './metadata.ts';
import { STYLESHEET_PATH } from './stylesheet.ts';
import { traceMeta, traceOf, withTraceFields } from './trace-page.ts';

export type NavItem = { href: string; text: string; current?: boolean };

export type Page = {
  title: string;
  body: SafeHtml;
  /** The service's name beside the product's in the header. */
  service?: string;
  nav?: readonly NavItem[];
  /** One sentence for search engines and link previews. */
  description?: string;
  /** For pages that strangers should find. */
  metadata?: Metadata;
  /** Paths of ES modules served by the service itself; inline scripts are refused by the CSP. */
  scripts?: readonly string[];
  /** How it asks whether visits may be counted; where a service asks at all, `sendPage` knows. */
  consent?: ConsentAsk | undefined;
};

/**
 * A whole document in the look that all pages share.
 * @param traceparent what its forms and scripts continue.
 */
export function renderPage(page: Page, traceparent?: string): string {
  const { title, body, service, nav = [], description, metadata, scripts = [], consent } = page;
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · scholar</title>
${description && html`<meta name="description" content="${description}">`}
${metadata && renderMetadata({ title, description, metadata })}
${traceparent && traceMeta(traceparent)}
<link rel="stylesheet" href="${STYLESHEET_PATH}">
<link rel="icon" href="data:,">
${scriptsOf(body, scripts).map((src) => html`<script type="module" src="${src}"></script>`)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<div class="wrap">
<a class="brand" href="/"><b>scholar</b>${service && html`<span>${service}</span>`}</a>
${nav.length > 0 && html`<nav aria-label="Main">${nav.map(renderNavItem)}</nav>`}
</div>
</header>
<main id="main" class="wrap">
${body}
</main>
${consent && consentFooter(consent)}</body>
</html>
`.toString();
  return traceparent === undefined ? markup : withTraceFields(markup, traceparent);
}

/** Those of the page, and the island of its fields for passwords. What people typed has its quotes escaped: it is no field. */
function scriptsOf(body: SafeHtml, scripts: readonly string[]): readonly string[] {
  return / autocomplete="(?:new|current)-password"/u.test(body.toString())
    ? [...scripts, PASSWORD_ISLAND]
    : scripts;
}

function renderNavItem({ href, text, current }: NavItem): SafeHtml {
  return html`<a href="${href}"${current && html` aria-current="page"`}>${text}</a>`;
}

/** Renders a page and sends it, with status 200 unless told otherwise. */
export function sendPage(response: Response, page: Page, status = 200): void {
  response
    .status(status)
    .type('html')
    .send(renderPage({ consent: consentAsk(response), ...page }, traceOf(response)));
}
