import type { Response } from 'express';
import { html, type SafeHtml } from './html.ts';

/** Name of the field by which a form, and of the meta element by which an island, continues the trace of its page. */
export const TRACE_FIELD = 'traceparent';

const FORM = /<form\b[^>]*\bmethod="post"[^>]*>/g;

/** Has the pages of this answer continue a trace: whatever they post belongs to it. */
export function tracePage(response: Response, traceparent: string): void {
  response.locals[TRACE_FIELD] = traceparent;
}

export function traceOf(response: Response): string | undefined {
  const traceparent: unknown = response.locals[TRACE_FIELD];
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/** For scripts of the page: what they fetch they send with it as the header of the same name. */
export function traceMeta(traceparent: string): SafeHtml {
  return html`<meta name="${TRACE_FIELD}" content="${traceparent}">`;
}

/** Puts the field into each form that posts. All `<` of a page are ours: values were escaped when they came in. */
export function withTraceFields(markup: string, traceparent: string): string {
  const field = html`<input type="hidden" name="${TRACE_FIELD}" value="${traceparent}">`;
  return markup.replace(FORM, (form) => `${form}${field}`);
}
