import { randomUUID } from 'node:crypto';
import { unlessAway } from '@scholar/runtime/away';
import type { Clock } from '@scholar/runtime/clock';
import { type Logger, type Mention, onceAMinute } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import type { AskService } from '../http/ask-service.ts';
import type { Profile } from '../profile/profile.ts';
import type { AgentAnswer, Hit } from './agent-answer.ts';
import { insertMatchRequest, settleMatchRequest } from './match-store.ts';

export type MatchesRequested = {
  requestId: string;
  matching: 'ok' | 'unavailable';
  matches: Hit[];
  nearMisses: Hit[];
};

/** Resolves with undefined when the request could not be noted in time: then nobody was asked. */
export type RequestMatches = (request: {
  userId: string;
  profile: Profile;
  /** The visit of a browser; programs have none. */
  sessionId: string | undefined;
  /** A valid x-scholar-canary token. */
  canaryToken: string | undefined;
}) => Promise<MatchesRequested | undefined>;

export type RequestMatchesDeps = Pick<ServiceDeps, 'record' | 'withTransaction'> & {
  pool: Pool;
  clock: Clock;
  log: Logger;
  askAgent: AskService<AgentAnswer>;
};

/**
 * First the request and its ScholarshipMatchRequested are committed, then scholarship_agent is asked: that somebody
 * asked is true whatever becomes of the asking.
 */
export function createRequestMatches(deps: RequestMatchesDeps): RequestMatches {
  const mention = onceAMinute(
    (fields, message) => deps.log.warn(fields, message),
    () => deps.clock.monotonic(),
  );
  return async ({ userId, profile, sessionId, canaryToken }) => {
    const requestId = randomUUID();
    const noted = await unlessAway(() =>
      deps.withTransaction(async (tx) => {
        const event = await deps.record(tx, {
          eventType: 'ScholarshipMatchRequested',
          actorId: userId,
          sessionId,
          source: '/matches',
          payload: { reference: requestId },
          canaryToken,
        });
        const simulated = canaryToken !== undefined;
        await insertMatchRequest(tx, { requestId, eventId: event.eventId, userId, simulated });
        return event;
      }),
    );
    if (!noted) return undefined;
    const startedMs = deps.clock.monotonic();
    const answer = await deps.askAgent({ profile, student_id: userId }, { canaryToken });
    const waitedMs = Math.round(deps.clock.monotonic() - startedMs);
    const matches = answer?.matches ?? [];
    const matching = answer?.couldLook ? 'ok' : 'unavailable';
    await settle({ pool: deps.pool, mention }, requestId, {
      outcome: matching,
      matches: matches.length,
      waitedMs,
    });
    return { requestId, matching, matches, nearMisses: answer?.nearMisses ?? [] };
  };
}

/** The student gets the answer even when its end cannot be noted any more. */
async function settle(
  { pool, mention }: { pool: Pool; mention: Mention },
  requestId: string,
  end: Parameters<typeof settleMatchRequest>[2],
): Promise<void> {
  try {
    await settleMatchRequest(pool, requestId, end);
  } catch (err) {
    mention({ err }, 'how a match request ended could not be noted');
  }
}
