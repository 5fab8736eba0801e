import type { Clock } from '@scholar/runtime/clock';
import { z } from 'zod';
import { type Ask, jsonOf } from '../gather/http-client.ts';

/** A stamp that is none is not worth losing the rest for. */
const stamp = z.iso.datetime({ offset: true }).nullish().catch(null);

const eventSchema = z.object({
  state: z.string(),
  retries: z.number().nullish(),
  write_ms: z.number().nullish(),
  hold_reason: z.string().nullish(),
  accepted_at: stamp,
  delivered_at: stamp,
  receipt: z.object({ request_id: z.string(), received_at: z.string(), persisted: z.boolean() }).nullish(),
  problem: z.object({ code: z.string(), pointer: z.string().optional() }).nullish(),
});

/** What a forwarder says of one event. */
export interface Followed {
  state: 'delivered' | 'held' | 'dead' | 'queued' | 'not_seen' | 'unreachable';
  requestId: string | null;
  /** When it was on the forwarder's disk, and when A8's receipt was there; both by the forwarder's clock. */
  acceptedAt: string | null;
  deliveredAt: string | null;
  /** By the clock of A8's database. */
  receivedAt: string | null;
  persisted: boolean | null;
  writeMs: number | null;
  retries: number | null;
  /** The hold reason or the problem code, where there is one. */
  detail: string;
}

export interface FollowDeps {
  ask: Ask;
  clock: Clock;
}

const POLL_MS = 40;
const NOTHING = {
  requestId: null,
  acceptedAt: null,
  deliveredAt: null,
  receivedAt: null,
  persisted: null,
  writeMs: null,
  retries: null,
  detail: '',
};

/** Asks the forwarder until the event is settled, held or the time is up. Never throws. */
export async function followEvent(
  deps: FollowDeps,
  { intake, eventId, timeoutMs }: { intake: string; eventId: string; timeoutMs: number },
): Promise<Followed> {
  const deadline = deps.clock.monotonic() + timeoutMs;
  for (;;) {
    const seen = await askEvent(deps.ask, `${intake}/events/${eventId}`);
    if (seen.state === 'delivered' || seen.state === 'dead') return seen;
    const held = seen.state === 'held' && deps.clock.monotonic() > deadline - timeoutMs / 2;
    if (held || deps.clock.monotonic() >= deadline) return seen;
    await deps.clock.sleep(POLL_MS);
  }
}

async function askEvent(ask: Ask, url: string): Promise<Followed> {
  try {
    const reply = await ask({ url, timeoutMs: 2_000 });
    if (reply.status === 404) return { ...NOTHING, state: 'not_seen' };
    const parsed = eventSchema.safeParse(jsonOf(reply));
    return parsed.success
      ? toFollowed(parsed.data)
      : { ...NOTHING, state: 'unreachable', detail: `status ${reply.status}` };
  } catch {
    return { ...NOTHING, state: 'unreachable' };
  }
}

function toFollowed(seen: z.infer<typeof eventSchema>): Followed {
  const state =
    (['delivered', 'held', 'dead', 'queued'] as const).find((known) => known === seen.state) ?? 'queued';
  return {
    state,
    requestId: seen.receipt?.request_id ?? null,
    acceptedAt: seen.accepted_at ?? null,
    deliveredAt: seen.delivered_at ?? null,
    receivedAt: seen.receipt?.received_at ?? null,
    persisted: seen.receipt?.persisted ?? null,
    writeMs: seen.write_ms ?? null,
    retries: seen.retries ?? null,
    detail: seen.hold_reason ?? seen.problem?.code ?? '',
  };
}
