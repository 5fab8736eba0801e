import { z } from 'zod';
import { CouldNotLook } from '../could-not-look.ts';
import { type Ask, jsonOf } from '../gather/http-client.ts';

/** What A8 does, or would do. */
export interface HubErasure {
  /** null = nothing was ordered. */
  erasure_id: string | null;
  /** Rows of events. */
  events: number;
  /** Rows of refusals about the same ids; known once it is done. */
  refusals: number;
  by_app: Record<string, number>;
  finished: boolean;
}

export interface HubWay {
  ask: Ask;
  hubUrl: string;
  /** A key of the ring with the role `operations`. */
  key: string;
  pause: (ms: number) => Promise<unknown>;
}

const previewSchema = z.object({
  events: z.number(),
  by_app: z.record(z.string(), z.number()),
  next: z.string().nullable(),
});

const erasureSchema = z.object({
  erasure_id: z.string(),
  finished_at: z.string().nullable(),
  events: z.number(),
  refusals: z.number(),
});

/** Between two looks at how far A8 has come, ms. */
const LOOK_MS = 1_000;
/** An erasure that makes no progress for so many looks is left to A8, which goes on with it. */
const PATIENCE = 120;

/** Counts without changing anything. @throws CouldNotLook */
export async function previewAtHub(way: HubWay, actorId: string): Promise<HubErasure> {
  const total: HubErasure = { erasure_id: null, events: 0, refusals: 0, by_app: {}, finished: true };
  let after: string | null = null;
  do {
    const json = { actor_id: actorId, ...(after === null ? {} : { after }) };
    const page: z.infer<typeof previewSchema> = previewSchema.parse(await post(way, '/preview', json));
    total.events += page.events;
    for (const [app, n] of Object.entries(page.by_app)) total.by_app[app] = (total.by_app[app] ?? 0) + n;
    after = page.next;
  } while (after !== null);
  return total;
}

/**
 * Orders an erasure and waits until it is done. `once` is done between the order and the waiting.
 * @throws CouldNotLook when A8 does not take the order or is not there any more
 */
export async function eraseAtHub<T>(
  way: HubWay,
  actorId: string,
  once: () => Promise<T>,
): Promise<{ hub: HubErasure; meanwhile: T }> {
  const { by_app } = await previewAtHub(way, actorId);
  let seen = erasureSchema.parse(await post(way, '', { actor_id: actorId }));
  const meanwhile = await once();
  for (let idle = 0; seen.finished_at === null && idle < PATIENCE; idle += 1) {
    await way.pause(LOOK_MS);
    const now = erasureSchema.parse(await answerOf(way, { path: `/${seen.erasure_id}` }));
    if (now.events > seen.events) idle = 0;
    seen = now;
  }
  const { erasure_id, events, refusals } = seen;
  return { hub: { erasure_id, events, refusals, by_app, finished: seen.finished_at !== null }, meanwhile };
}

function post(way: HubWay, path: string, json: object): Promise<unknown> {
  return answerOf(way, { path, method: 'POST', json });
}

async function answerOf(
  { ask, hubUrl, key }: HubWay,
  { path, ...question }: { path: string; method?: 'POST'; json?: object },
): Promise<unknown> {
  const url = `${hubUrl}/operations/erasures${path}`;
  const headers = { authorization: `Bearer ${key}` };
  const reply = await ask({ url, headers, timeoutMs: 20_000, ...question }).catch((cause: unknown) => {
    throw new CouldNotLook(`A8 does not answer at ${hubUrl}; see \`scholar audit\`.`, { cause });
  });
  if (reply.status >= 300)
    throw new CouldNotLook(
      `A8 answered ${reply.status} to an erasure; ${reply.status === 422 ? 'the actor is no person that could be erased' : 'see `scholar audit`'}.`,
    );
  return jsonOf(reply);
}
