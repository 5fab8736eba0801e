import type { Request, Response } from 'express';

/** What may be told of a request when it is over. */
export type Answered = {
  /** A known method, else `other`. */
  method: string;
  /** The route template, never the path, which holds ids and e-mails; undefined where no route matched. */
  route: string | undefined;
  status: number;
  durationMs: number;
};

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Tells once when the answer was handed to the kernel, or when its reader has gone; time runs from this call. */
export function observeAnswer(
  request: Request,
  response: Response,
  tell: (answered: Answered) => void,
): void {
  const since = performance.now();
  response.once('close', () =>
    tell({
      method: METHODS.has(request.method) ? request.method : 'other',
      route: templateOf(request.baseUrl, request.route),
      status: response.statusCode,
      durationMs: performance.now() - since,
    }),
  );
}

function templateOf(baseUrl: string, route: unknown): string | undefined {
  if (typeof route !== 'object' || route === null || !('path' in route)) return undefined;
  return `${baseUrl}${String(route.path)}`;
}
