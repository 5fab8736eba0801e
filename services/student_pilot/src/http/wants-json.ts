import type { Request } from '@scholar/runtime/http';

/** Whether a program asks: it sends JSON, or prefers it to a page. */
export function wantsJson(request: Request): boolean {
  if (request.is('application/json')) return true;
  return request.accepts(['text/html', 'application/json']) === 'application/json';
}
