import {
  type AppLabel,
  digestOf,
  formatMinute,
  formatSum,
  type MinuteDigest,
  minuteNumber,
} from '@scholar/contract';
import type { Question, Reply } from '../../gather/http-client.ts';
import type { StoredRow } from '../../target/target.ts';
import type { ConservationDeps, ForwarderDoors } from '../conservation.ts';

export const LABEL: AppLabel = 'scholar_auth';

export const eventId = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A forwarder's count and A8's rows in memory, behind the routes of the contract. */
export function twoSides({ nowMs, pageSize = 3 }: { nowMs: number; pageSize?: number }) {
  const state = {
    nowMs,
    forwarderId: 'f-1',
    /** By id, the minute in which A8 acknowledged it. */
    acknowledged: new Map<string, number>(),
    dropped: new Set<string>(),
    rows: new Map<string, { minute: number; forwarder: string }>(),
    /** What was asked, without what comes after the question mark. */
    asked: [] as string[],
    /** Paths that answer 404, as an older release does. */
    absent: new Set<string>(),
    isDatabaseAway: false,
  };
  const digests = (of: Iterable<[string, number]>, url: URL): MinuteDigest[] => {
    const [from, to] = ['from', 'to'].map((name) => minuteNumber(url.searchParams.get(name) ?? ''));
    const minutes = Map.groupBy(of, ([, minute]) => minute);
    return [...minutes].flatMap(([minute, members]) => {
      if (minute < (from ?? 0) || minute >= (to ?? 0)) return [];
      const { count, sum } = digestOf(members.map(([id]) => id));
      return [{ minute: formatMinute(minute), count, sum: formatSum(sum) }];
    });
  };
  const page = (ids: string[], url: URL) => {
    const after = url.searchParams.get('after') ?? '';
    const rest = ids.filter((id) => id > after).sort();
    const event_ids = rest.slice(0, pageSize);
    return { event_ids, next: rest.length > pageSize ? (event_ids.at(-1) ?? null) : null };
  };
  const rowsOf = (forwarder: string | null): [string, number][] =>
    [...state.rows].flatMap(([id, row]) => (row.forwarder === forwarder ? [[id, row.minute]] : []));
  const inMinute = (of: Iterable<[string, number]>, url: URL): string[] =>
    [...of].flatMap(([id, minute]) => (formatMinute(minute) === url.searchParams.get('minute') ? [id] : []));
  const answer = (url: URL): unknown => {
    switch (url.pathname) {
      case '/conservation':
        return {
          forwarder_id: state.forwarderId,
          since: formatMinute(0),
          minutes: digests(state.acknowledged, url),
        };
      case '/conservation/ids': {
        const all = inMinute(state.acknowledged, url);
        const kept = all.filter((id) => !state.dropped.has(id));
        return { ...page(kept, url), not_retained: all.length - kept.length };
      }
      case '/operations/conservation': {
        const forwarder = url.searchParams.get('forwarder');
        return { forwarder_id: forwarder, minutes: digests(rowsOf(forwarder), url) };
      }
      default:
        return page(inMinute(rowsOf(url.searchParams.get('forwarder')), url), url);
    }
  };
  const reply = (url: URL): Reply => {
    state.asked.push(url.pathname);
    const headers = { date: new Date(state.nowMs).toUTCString() };
    if (state.absent.has(url.pathname)) return { status: 404, body: '{}', headers, tookMs: 1 };
    return { status: 200, body: JSON.stringify(answer(url)), headers, tookMs: 1 };
  };
  const ask = async ({ url }: Question): Promise<Reply> => reply(new URL(url));
  const forwarder: ForwarderDoors = {
    name: 'pod-0',
    ops: 'http://ops',
    control: async ({ path }) => reply(new URL(path, 'http://intake')),
  };
  const deps: ConservationDeps = {
    ...{ ask, hubUrl: 'http://hub', key: 'k', now: () => state.nowMs, memory: new Map() },
    readRows: async (ids) => {
      if (state.isDatabaseAway) throw new Error('away');
      return ids.filter((id) => state.rows.has(id)).map((event_id) => ({ event_id }) as StoredRow);
    },
  };
  return {
    state,
    deps,
    forwarder,
    /** Events that A8 acknowledged in this minute. */
    deliver: (minute: number, ...numbers: number[]) => {
      for (const id of numbers.map(eventId)) {
        state.acknowledged.set(id, minute);
        state.rows.set(id, { minute, forwarder: state.forwarderId });
      }
    },
    lose: (...numbers: number[]) => {
      for (const number of numbers) state.rows.delete(eventId(number));
    },
    drop: (...numbers: number[]) => {
      for (const number of numbers) state.dropped.add(eventId(number));
    },
  };
}
