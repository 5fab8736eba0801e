import { formatMinute, MINUTE_MS, minuteNumber } from '@scholar/contract';
import type { ConservationView, LackingMinute } from '../audit/conservation-view.ts';
import type { AskControl } from '../target/replay.ts';
import type { Target } from '../target/target.ts';
import { askForwarderMinutes, askHubMinutes, type HubDoor } from './ask-conservation.ts';
import { type Compared, nextPart, type Window, wholeWindow, windowsOf } from './compared-windows.ts';
import { type DifferingMinute, differenceKey, differingMinutes } from './differing-minutes.ts';
import { lackingMinute } from './lacking-minute.ts';

/** How a forwarder is asked. */
export interface ForwarderDoors {
  /** Unique among the forwarders of a system, and the same at each look. */
  name: string;
  /** Base address of its ops port. */
  ops: string;
  /** Its control routes, with its token. */
  control: AskControl;
}

/** Compares what A8 acknowledged to a forwarder with its rows. undefined = one of them does not tell. */
export type Conserve = (forwarder: ForwarderDoors) => Promise<ConservationView | undefined>;

/** What is known of each forwarder of one system, by its name. */
export type ConservationMemory = Map<string, Compared>;

export interface ConservationDeps extends HubDoor {
  readRows: Target['readRows'];
  now: () => number;
  /** Kept from look to look, a look compares little. */
  memory: ConservationMemory;
  /** How long after its end a minute is compared, ms. */
  settledMs?: number;
}

/** So long after its end nothing is written into a minute any more: neither side is behind the other by then. */
const SETTLED_MS = 2 * MINUTE_MS;

/** So many missing events are named, and sent again, at once; the next look names the next ones. */
const MOST_NAMED = 10_000;
/** So many acknowledged events are looked up in A8's database in one look. */
const MOST_LOOKED_UP = 200_000;

/**
 * Two small questions where nothing differs: minutes since the last look and an hour of the day, by turns. As soon as
 * something is missing anywhere, all that the forwarder can tell is compared.
 */
export function createConservation(deps: ConservationDeps): Conserve {
  const { memory, now } = deps;
  return async (forwarder) => {
    const minute = minuteNumber(now());
    const before = memory.get(forwarder.name);
    const seen = await compareWindows(deps, forwarder, { windows: windowsOf(before, minute), before });
    const isMore = seen === 'another' || (before !== undefined && (seen?.view.lacking.length ?? 0) > 0);
    const whole = isMore
      ? await compareWindows(deps, forwarder, {
          windows: [wholeWindow(minute)],
          before: seen === 'another' ? undefined : before,
        })
      : seen;
    if (whole === undefined || whole === 'another') return undefined;
    // What is missing is looked for in the whole of it again, until it is there.
    if (whole.view.lacking.length > 0) memory.delete(forwarder.name);
    else memory.set(forwarder.name, whole.compared);
    return whole.view;
  };
}

interface Look {
  view: ConservationView;
  compared: Compared;
}

/** @returns `another` where what is remembered is of another outbox. */
async function compareWindows(
  deps: ConservationDeps,
  forwarder: ForwarderDoors,
  { windows, before }: { windows: Window[]; before: Compared | undefined },
): Promise<Look | 'another' | undefined> {
  const looks: WindowLook[] = [];
  for (const window of windows) {
    const look = await compareWindow(deps, forwarder, window);
    if (look === undefined) return undefined;
    if (before !== undefined && look.forwarderId !== before.forwarderId) return 'another';
    looks.push(look);
  }
  const last = looks.at(-1);
  if (last === undefined) return undefined;
  const known = before?.explained ?? new Map<number, string>();
  const differing = looks
    .flatMap((look) => look.differing)
    .filter((each) => known.get(each.minute) !== differenceKey(each));
  const { lacking, explained } = await lookInto(deps, forwarder, {
    forwarderId: last.forwarderId,
    differing,
  });
  const until = Math.min(last.closedBefore, last.window.to);
  const oldest = wholeWindow(minuteNumber(deps.now())).from;
  const kept = [...known, ...explained].filter(([minute]) => minute >= oldest);
  return {
    view: {
      forwarderId: last.forwarderId,
      from: formatMinute(Math.min(...windows.map(({ from }) => from))),
      to: formatMinute(until),
      acknowledged: looks.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      lacking,
    },
    compared: {
      forwarderId: last.forwarderId,
      until,
      part: nextPart(before?.part ?? -1),
      explained: new Map(kept),
    },
  };
}

interface WindowLook {
  window: Window;
  forwarderId: string;
  closedBefore: number;
  acknowledged: number;
  differing: DifferingMinute[];
}

/** The forwarder first: what it says was acknowledged must be a row by the time A8 is asked. */
async function compareWindow(
  deps: ConservationDeps,
  forwarder: ForwarderDoors,
  window: Window,
): Promise<WindowLook | undefined> {
  const told = await askForwarderMinutes(deps.ask, forwarder.ops, window);
  if (told === undefined) return undefined;
  const { forwarder_id: forwarderId, minutes } = told;
  const hub =
    minutes.length === 0 ? { minutes: [], atMs: undefined } : await askHubMinutes(deps, forwarderId, window);
  if (hub === undefined) return undefined;
  const closedBefore = minuteNumber((hub.atMs ?? deps.now()) - (deps.settledMs ?? SETTLED_MS));
  const closed = minutes.filter(({ minute }) => minuteNumber(minute) < closedBefore);
  const acknowledged = closed.reduce((sum, { count }) => sum + count, 0);
  const differing = differingMinutes({ acknowledged: closed, held: hub.minutes, closedBefore });
  return { window, forwarderId, closedBefore, acknowledged, differing };
}

/** Oldest first, as far as the bounds go; what is found to be complete is not looked into again. */
async function lookInto(
  deps: ConservationDeps,
  forwarder: ForwarderDoors,
  { forwarderId, differing }: { forwarderId: string; differing: readonly DifferingMinute[] },
): Promise<{ lacking: LackingMinute[]; explained: [number, string][] }> {
  const lacking: LackingMinute[] = [];
  const explained: [number, string][] = [];
  let named = 0;
  let lookedUp = 0;
  for (const each of differing) {
    const mayNameMore = named < MOST_NAMED && lookedUp < MOST_LOOKED_UP;
    const found = await lackingMinute(deps, {
      control: mayNameMore ? forwarder.control : undefined,
      forwarderId,
      differing: each,
      mayName: MOST_NAMED - named,
    });
    if (found.missing.length + found.beyond + found.unnamed > 0) lacking.push(found);
    else if (mayNameMore) explained.push([each.minute, differenceKey(each)]);
    named += found.missing.length;
    lookedUp += mayNameMore ? each.acknowledged.count : 0;
  }
  return { lacking, explained };
}
