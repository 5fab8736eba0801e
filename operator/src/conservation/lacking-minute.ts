import { formatMinute } from '@scholar/contract';
import type { LackingMinute } from '../audit/conservation-view.ts';
import type { AskControl } from '../target/replay.ts';
import type { Target } from '../target/target.ts';
import { askForwarderIds, askHubIds, type HubDoor } from './ask-conservation.ts';
import { type DifferingMinute, fewerRows } from './differing-minutes.ts';

export interface MinuteQuestion {
  /** The forwarder that counted the minute; undefined = its ids are not to be asked for. */
  control: AskControl | undefined;
  forwarderId: string;
  differing: DifferingMinute;
  /** At most so many missing events are named. */
  mayName: number;
}

/**
 * Which events of a minute are no rows. Read in A8's database by their ids, wherever and by whomever the rows were
 * written: a row that came back later has a later time, and one that another forwarder brought has its name.
 */
export async function lackingMinute(
  deps: HubDoor & { readRows: Target['readRows'] },
  { control, forwarderId, differing, mayName }: MinuteQuestion,
): Promise<LackingMinute> {
  const minute = formatMinute(differing.minute);
  const acknowledged = differing.acknowledged.count;
  const kept = control === undefined ? undefined : await askForwarderIds(control, differing.minute);
  const byCount = { minute, acknowledged, missing: [], beyond: 0, unnamed: fewerRows(differing) };
  if (kept === undefined) return byCount;
  const rows = await deps.readRows(kept.event_ids).catch(() => undefined);
  if (rows === undefined) return byCount;
  const there = new Set(rows.map(({ event_id }) => event_id));
  const absent = kept.event_ids.filter((id) => !there.has(id));
  const missing = absent.slice(0, Math.max(0, mayName));
  const beyond =
    kept.not_retained === 0
      ? 0
      : notRetainedAndGone(kept, await askHubIds(deps, forwarderId, differing.minute));
  return { minute, acknowledged, missing, beyond, unnamed: absent.length - missing.length };
}

/**
 * Pure: of the events that a forwarder counted and keeps no more, so many at least are no rows. A8's rows that the
 * forwarder does not keep may be these; there are none beside.
 * @param held undefined = A8 did not tell, and nothing is said.
 */
export function notRetainedAndGone(
  { event_ids, not_retained }: { event_ids: readonly string[]; not_retained: number },
  held: readonly string[] | undefined,
): number {
  if (held === undefined) return 0;
  const kept = new Set(event_ids);
  return Math.max(0, not_retained - held.filter((id) => !kept.has(id)).length);
}
