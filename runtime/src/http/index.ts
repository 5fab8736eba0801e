export type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
export { type AppOptions, createApp } from './create-app.ts';
export { prefersHtml } from './error-handler.ts';
export { HTTP_METRICS } from './http-metrics.ts';
export { HttpProblem, type ProblemFields } from './http-problem.ts';
export { cameByPlainHttp } from './https-only.ts';
export { type Listening, listen } from './listen.ts';
export { type Answered, observeAnswer } from './observe-answer.ts';
export {
  askConsent,
  CONSENT_COOKIE,
  type Consent,
  type ConsentAsk,
  consentAsk,
  consentOf,
  VISIT_COOKIE,
} from './page/consent.ts';
export { badge, card, checkboxes, dataTable, type Field, field, notice } from './page/elements.ts';
export { html, SafeHtml, trusted } from './page/html.ts';
export type { Metadata } from './page/metadata.ts';
export { type NavItem, type Page, renderPage, sendPage } from './page/render-page.ts';
export { serveAssets } from './page/serve-assets.ts';
export { TRACE_FIELD, tracePage } from './page/trace-page.ts';
export { logOf, requestIdOf } from './request-context.ts';
export { sameOriginOnly } from './same-origin-only.ts';
export type { ContentSources } from './security.ts';
export { validated } from './validated.ts';
