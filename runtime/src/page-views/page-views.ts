import { ANONYMOUS, type CanaryTokenOf } from '../auth/index.ts';
import { unlessAway } from '../away/index.ts';
import { consentOf, type Request, type Response } from '../http/index.ts';
import type { RecordEvent, WithTransaction } from '../service/index.ts';
import { visitorOf } from '../sign-in/index.ts';
import { visitOf } from './visit.ts';

/** Records that somebody looked at a page. `source` is its route, never the address that was asked for. */
export type CountView = (request: Request, response: Response, source: string) => Promise<void>;

/**
 * Counts visits: one PageView each, committed before the page is sent, and only where the visitor has agreed to it. A
 * probe is nobody whose consent were needed. While the database is away nothing is counted and the page is shown.
 */
export function createPageViews(deps: {
  record: RecordEvent;
  withTransaction: WithTransaction;
  canaryTokenOf: CanaryTokenOf;
}): CountView {
  return async (request, response, source) => {
    // Who asks for the head alone looks at nothing.
    if (request.method !== 'GET') return;
    const canaryToken = deps.canaryTokenOf(request);
    if (canaryToken === undefined && consentOf(request) !== 'given') return;
    const view = {
      eventType: 'PageView',
      actorId: visitorOf(response).principal?.subject ?? ANONYMOUS,
      sessionId: visitOf(request, response),
      source,
      payload: {},
      canaryToken,
    } as const;
    await unlessAway(() => deps.withTransaction((tx) => deps.record(tx, view)));
  };
}
