import type { Express, RequestHandler } from 'express';
import type pg from 'pg';
import { z } from 'zod';
import { type AuthDeps, authenticated, principalOf, requireRole } from '../auth/index.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { validated } from '../http/validated.ts';
import { askForwarders, forgetEvents } from './forwarder-erasures.ts';
import type { ForwarderState } from './forwarder-places.ts';
import type { Person, PersonalData } from './personal-data.ts';

export const FIND_PATH = '/internal/personal-data/find';
export const ERASE_PATH = '/internal/personal-data/erase';
export const FORWARDERS_PATH = '/internal/personal-data/forwarders';

/** Who starts exports and erasures; no other service may ask. */
const STARTER = 'scholar_auth';

const personSchema = z.strictObject({
  user_id: z.uuid({ error: 'the id of a user' }),
  email: z.string().max(254).optional(),
});

const actorsSchema = z.strictObject({ actors: z.array(z.string().min(1).max(1_000)).min(1).max(10_000) });

/** What FIND_PATH answers. */
export const foundSchema = z.object({
  found: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  actors: z.array(z.string().min(1).max(1_000)).max(1_000),
});

/** What ERASE_PATH answers, after COMMIT: rows by table. */
export const erasedSchema = z.object({ erased: z.record(z.string(), z.number().int().min(0)) });

const count = z.number().int().min(0);

/** What FORWARDERS_PATH answers. A service of a release back does not tell `quarantined`. */
export const forwarderStateSchema: z.ZodType<ForwarderState> = z.object({
  ...{ forwarders: count, waiting: count, away: count, events: count },
  quarantined: count.default(0),
});

/**
 * POST FORWARDERS_PATH `{actors}`: how many forwarders of this service have emptied what they kept of them; 503 while a
 * service that has forwarders knows none of them.
 * POST FIND_PATH and ERASE_PATH `{user_id, email?}` for scholar_auth alone: 200, 401, 403, 422. The person stands in the
 * body, never in an address: those are logged.
 */
export function personalDataRoutes(
  app: Express,
  deps: Pick<AuthDeps, 'verifier' | 'clock'> & {
    pool: pg.Pool;
    withTransaction: <T>(work: (tx: pg.PoolClient) => Promise<T>) => Promise<T>;
    data: PersonalData;
    /** Whether events go to a forwarder beside each process. */
    hasForwarder: boolean;
  },
): void {
  const { pool, data } = deps;
  // A canary token alone opens nothing here.
  const guard = [authenticated({ ...deps, canaryKey: undefined }), requireRole('service'), onlyStarter];

  app.post(FIND_PATH, ...guard, async (request, response) => {
    const person = personOf(request.body);
    const found = await data.find(pool, person);
    const actors = (await data.actors?.(pool, person)) ?? [];
    response.set('cache-control', 'no-store').json({ found, actors });
  });

  app.post(ERASE_PATH, ...guard, async (request, response) => {
    const person = personOf(request.body);
    const erased = await deps.withTransaction(async (tx) => {
      const actors = (await data.actors?.(tx, person)) ?? [];
      const own = await data.erase(tx, person);
      return { ...own, outbox: await forgetEvents(tx, [person.userId, ...actors]) };
    });
    response.set('cache-control', 'no-store').json({ erased });
  });

  app.post(FORWARDERS_PATH, ...guard, async (request, response) => {
    const { actors } = validated(actorsSchema, request.body);
    const state = await deps.withTransaction((tx) => askForwarders(tx, actors));
    // "None of none has to confirm" would be a confirmation.
    if (deps.hasForwarder && state.forwarders === 0) throw notKnownYet();
    response.set('cache-control', 'no-store').json(state);
  });
}

function notKnownYet(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'unavailable',
    detail: 'The forwarders of this service are not known yet. Try again shortly.',
    headers: { 'retry-after': '60' },
  });
}

function personOf(body: unknown): Person {
  const { user_id, email } = validated(personSchema, body);
  return { userId: user_id, email };
}

const onlyStarter: RequestHandler = (_request, response, next) => {
  if (principalOf(response)?.label === STARTER) return next();
  next(
    new HttpProblem({
      status: 403,
      code: 'forbidden',
      detail: `Only ${STARTER} may ask for the data of a person.`,
    }),
  );
};
