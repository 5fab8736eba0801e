import type { AppLabel } from '@scholar/contract';
import type { ConservationView, LackingMinute } from '../conservation-view.ts';
import type { Check, Judged } from '../judged.ts';

/** The first minutes, and of each the first ids, stand for the rest where a whole database is gone. */
const TOLD_MINUTES = 20;
const TOLD_IDS = 5;

interface Lacking extends LackingMinute {
  forwarderId: string;
}

/** Make sure that every event which A8 acknowledged is a row: deleted rows and a restored database are seen by nothing else. */
export const rowsLost: Check = ({ apps, lost }) => {
  const told = new Set((lost ?? []).flatMap(({ what, event_id }) => (what === 'gone' ? [event_id] : [])));
  return apps.flatMap(({ label, conservation }) => {
    // An event that a truth table proved is told as lost evidence, and is sent again as such.
    const lacking = lackingOf(conservation ?? []).map((each) => ({
      ...each,
      missing: each.missing.filter((id) => !told.has(id)),
    }));
    return [...healable(label, lacking), ...forGood(label, lacking)];
  });
};

function lackingOf(views: readonly ConservationView[]): Lacking[] {
  return views
    .flatMap(({ forwarderId, lacking }) => lacking.map((minute) => ({ forwarderId, ...minute })))
    .sort((a, b) => a.minute.localeCompare(b.minute));
}

function healable(label: AppLabel, all: readonly Lacking[]): Judged[] {
  const lacking = all.filter(({ missing, unnamed }) => missing.length + unnamed > 0);
  if (lacking.length === 0) return [];
  const eventIds = lacking.flatMap(({ missing }) => missing);
  const unnamed = sum(lacking, (each) => each.unnamed);
  const summary = `${eventIds.length + unnamed} events of ${label} that A8 acknowledged are in its database no more, ${inMinutes(lacking)}.`;
  const evidence = lacking.slice(0, TOLD_MINUTES).map(missingInWords);
  const found = { code: 'rows_lost', label, severity: 'critical', summary, evidence } as const;
  const remedies = eventIds.length === 0 ? [] : [{ kind: 'replay' as const, label, eventIds }];
  if (unnamed === 0) return [{ ...found, remedies }];
  const advice =
    remedies.length === 0
      ? 'the forwarder does not list what it can send again: see whether it runs and has its CONTROL_TOKEN, then audit again'
      : `at least ${unnamed} more are named once these are rows again: repair again`;
  return [{ ...found, remedies, advice }];
}

function forGood(label: AppLabel, all: readonly Lacking[]): Judged[] {
  const lacking = all.filter(({ beyond }) => beyond > 0);
  if (lacking.length === 0) return [];
  const summary = `${sum(lacking, (each) => each.beyond)} events of ${label} that A8 acknowledged are in its database no more, and the forwarder keeps them no longer, ${inMinutes(lacking)}.`;
  const evidence = lacking
    .slice(0, TOLD_MINUTES)
    .map(
      ({ forwarderId, minute, acknowledged, beyond }) =>
        `forwarder ${forwarderId}, minute ${minute}: ${beyond} of ${acknowledged} events are gone on both sides`,
    );
  const advice =
    'bring the rows of these minutes back from a backup of A8 (docs/drifts/rows_lost_for_good.md); nothing else has them';
  return [
    { code: 'rows_lost_for_good', label, severity: 'critical', summary, evidence, remedies: [], advice },
  ];
}

function missingInWords({ forwarderId, minute, acknowledged, missing, unnamed }: Lacking): string {
  const ids = missing.slice(0, TOLD_IDS).join(', ');
  const more = missing.length - TOLD_IDS;
  const named = ids === '' ? '' : `: ${ids}${more > 0 ? ` and ${more} more` : ''}`;
  return `forwarder ${forwarderId}, minute ${minute}: ${missing.length + unnamed} of ${acknowledged} events are no rows${named}`;
}

function inMinutes(lacking: readonly Lacking[]): string {
  const [first] = lacking;
  const count = new Set(lacking.map(({ minute }) => minute)).size;
  return count === 1 ? `all of the minute ${first?.minute}` : `of ${count} minutes from ${first?.minute} on`;
}

function sum(lacking: readonly Lacking[], of: (each: Lacking) => number): number {
  return lacking.reduce((total, each) => total + of(each), 0);
}
