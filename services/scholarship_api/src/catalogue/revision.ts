import { HttpProblem } from '@scholar/runtime/http';
import type { Request, Response } from 'express';
import type { Scholarship } from './scholarship.ts';

/** Says which revision of a scholarship an answer shows, so that If-Match can name it (RFC 9110, 8.8.3 and 13.1.1). */
export function setRevision(response: Response, { revision }: Pick<Scholarship, 'revision'>): Response {
  return response.set('etag', `"${revision}"`);
}

/** The tags of If-Match: `any` for `*`, undefined without it. */
export type IfMatch = 'any' | readonly string[] | undefined;

export function readIfMatch(request: Pick<Request, 'headers'>): IfMatch {
  const header = request.headers['if-match']?.trim();
  if (header === undefined) return undefined;
  return header === '*' ? 'any' : header.split(',').map((tag) => tag.trim());
}

/**
 * Refuses a change of a scholarship that is not as its sender saw it. A weak tag matches nothing, as the RFC wants it.
 * @throws HttpProblem 412 `outdated`
 */
export function refuseOutdated(ifMatch: IfMatch, { revision }: Pick<Scholarship, 'revision'>): void {
  if (ifMatch === undefined || ifMatch === 'any' || ifMatch.includes(`"${revision}"`)) return;
  throw new HttpProblem({
    status: 412,
    code: 'outdated',
    detail: 'Somebody changed this scholarship since you read it. Read it again, and repeat your change.',
    fields: { revision },
    headers: { etag: `"${revision}"` },
  });
}
