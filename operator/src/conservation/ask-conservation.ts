import {
  type ForwarderConservation,
  type ForwarderIds,
  formatMinute,
  forwarderConservationSchema,
  forwarderIdsSchema,
  HEADER,
  hubConservationSchema,
  hubIdsSchema,
  type MinuteDigest,
  MOST_CONSERVATION_IDS,
} from '@scholar/contract';
import type { z } from 'zod';
import { type Ask, jsonOf, type Reply } from '../gather/http-client.ts';
import type { AskControl } from '../target/replay.ts';
import type { Window } from './compared-windows.ts';

/** A8 reads a day of rows for one answer. */
const TIMEOUT_MS = 15_000;

/** What is not there, or not of this release, is undefined: nothing is judged by it. */
type Maybe<T> = Promise<T | undefined>;

/** Which minutes A8 acknowledged to a forwarder, by the forwarder's own word. */
export function askForwarderMinutes(ask: Ask, ops: string, window: Window): Maybe<ForwarderConservation> {
  const query = new URLSearchParams(rangeOf(window));
  return parsed(forwarderConservationSchema, () =>
    ask({ url: `${ops}/conservation?${query}`, timeoutMs: TIMEOUT_MS }),
  );
}

/** A8's conservation routes, with a key of the role `operations`. */
export interface HubDoor {
  ask: Ask;
  hubUrl: string;
  key: string;
}

export interface HubMinutes {
  minutes: MinuteDigest[];
  /** A8's clock, Unix ms; undefined = its answer has no Date. */
  atMs: number | undefined;
}

/** Which of a forwarder's rows A8 has. */
export async function askHubMinutes(door: HubDoor, forwarder: string, window: Window): Maybe<HubMinutes> {
  let reply: Reply | undefined;
  const answer = await parsed(hubConservationSchema, async () => {
    reply = await askHub(door, '', { forwarder, ...rangeOf(window) });
    return reply;
  });
  if (answer === undefined) return undefined;
  const date = Date.parse(String(reply?.headers['date']));
  return { minutes: answer.minutes, atMs: Number.isNaN(date) ? undefined : date };
}

/** All ids of one minute that a forwarder can send again, and how many more it counted. */
export async function askForwarderIds(
  control: AskControl,
  minute: number,
): Maybe<Omit<ForwarderIds, 'next'>> {
  let not_retained = 0;
  const event_ids = await paged(async (after) => {
    const query = new URLSearchParams({ minute: formatMinute(minute), ...pageOf(after) });
    const answer = await parsed(forwarderIdsSchema, () =>
      control({ method: 'GET', path: `/conservation/ids?${query}` }),
    );
    not_retained = answer?.not_retained ?? not_retained;
    return answer;
  });
  return event_ids === undefined ? undefined : { event_ids, not_retained };
}

/** The ids of a forwarder's rows of one minute. */
export function askHubIds(door: HubDoor, forwarder: string, minute: number): Maybe<string[]> {
  return paged((after) =>
    parsed(hubIdsSchema, () =>
      askHub(door, '/ids', { forwarder, minute: formatMinute(minute), ...pageOf(after) }),
    ),
  );
}

function askHub({ ask, hubUrl, key }: HubDoor, path: string, query: Record<string, string>): Promise<Reply> {
  return ask({
    url: `${hubUrl}/operations/conservation${path}?${new URLSearchParams(query)}`,
    headers: { [HEADER.authorization]: `Bearer ${key}` },
    timeoutMs: TIMEOUT_MS,
  });
}

async function paged(
  page: (after: string | null) => Maybe<{ event_ids: string[]; next: string | null }>,
): Maybe<string[]> {
  const all: string[] = [];
  let after: string | null = null;
  do {
    const answer: Awaited<ReturnType<typeof page>> = await page(after);
    if (answer === undefined) return undefined;
    all.push(...answer.event_ids);
    after = answer.next;
  } while (after !== null);
  return all;
}

async function parsed<T>(schema: z.ZodType<T>, ask: () => Promise<Reply>): Maybe<T> {
  try {
    const reply = await ask();
    return reply.status === 200 ? schema.safeParse(jsonOf(reply)).data : undefined;
  } catch {
    return undefined;
  }
}

function rangeOf({ from, to }: Window): { from: string; to: string } {
  return { from: formatMinute(from), to: formatMinute(to) };
}

function pageOf(after: string | null): Record<string, string> {
  return { limit: String(MOST_CONSERVATION_IDS), ...(after === null ? {} : { after }) };
}
