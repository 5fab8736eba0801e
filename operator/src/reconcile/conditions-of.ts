import { isAppLabel } from '@scholar/contract';
import { driftPagePath } from '../audit/drifts/drifts.ts';
import type { Judged } from '../audit/judged.ts';
import { appNumber } from '../audit/judged.ts';
import type { ReasonOf, Wanted } from '../crd/conditions.ts';
import type { LastGuards } from '../crd/last-guards.ts';
import type { StatusRow } from '../crd/status.ts';
import type { RepairDone, Seen } from './seen.ts';

/** What the conditions speak of: rows as they count now, what was seen, and the repairs so far, newest first. */
export interface Facts {
  rows: readonly StatusRow[];
  /** How many rows there should be. */
  apps: number;
  seen: Seen;
  repairs: readonly RepairDone[];
  /** The last try of what A8 must refuse. */
  guards?: LastGuards | undefined;
  nowMs: number;
}

/** Pure: Ready, Progressing and Degraded. Nothing else decides about them than these facts. */
export function conditionsOf(facts: Facts): Wanted[] {
  const [ready, readyMessage] = readyOf(facts);
  const [progressing, progressingMessage] = progressingOf(facts);
  const [degraded, degradedMessage] = degradedOf(facts);
  return [
    { type: 'Ready', reason: ready, message: readyMessage },
    { type: 'Progressing', reason: progressing, message: progressingMessage },
    { type: 'Degraded', reason: degraded, message: degradedMessage },
  ];
}

function readyOf({ rows, apps, seen, nowMs }: Facts): [ReasonOf<'Ready'>, string] {
  if (seen.kind === 'unusable') return ['SpecUnusable', seen.why];
  if (rows.length === 0)
    return seen.kind === 'blind'
      ? ['RowUnknown', seen.why]
      : ['Pending', 'The first canaries of this generation are not back yet.'];
  const red = rows.filter(({ verdict }) => verdict === 'red');
  if (red.length > 0) return ['RowRed', redMessage(red)];
  const green = rows.filter(({ verdict }) => verdict === 'green');
  if (green.length === rows.length && rows.length === apps)
    return ['AllGreen', `${apps} of ${apps} rows are green.`];
  const expired = rows.some(({ expiresAt }) => expiresAt !== undefined && Date.parse(expiresAt) <= nowMs);
  const counted = `${green.length} of ${apps} rows are green, the others are unknown`;
  const why = seen.kind === 'blind' ? `: ${seen.why}` : '.';
  return [expired ? 'EvidenceExpired' : 'RowUnknown', `${counted}${why}`];
}

function redMessage(red: readonly StatusRow[]): string {
  return red.map(({ app, label, reasons = [] }) => `${app} ${label}: ${reasons[0] ?? 'red'}`).join(' ');
}

function progressingOf({ rows, seen }: Facts): [ReasonOf<'Progressing'>, string] {
  if (seen.kind === 'announced') return ['Verifying', 'The first verification of this generation begins.'];
  if (seen.kind === 'blind' && rows.length === 0)
    return ['Verifying', 'The first verification of this generation is tried again.'];
  if (seen.kind === 'looked' && seen.intent.kind === 'repair')
    return ['Repairing', `${seen.intent.label} is repaired next.`];
  return ['Settled', 'Nothing is under way but the regular canaries.'];
}

function degradedOf({ rows, seen, repairs, guards }: Facts): [ReasonOf<'Degraded'>, string] {
  if (seen.kind === 'announced') return ['Pending', 'Nothing was looked at yet.'];
  if (seen.kind === 'unusable') return ['SpecUnusable', seen.why];
  const failed = openFailure(repairs, seen.kind === 'looked' ? seen.findings : undefined);
  if (failed !== undefined)
    return ['RepairFailed', `${failed.app} ${failed.finding}: ${failed.detail ?? failed.remedy}`];
  if (seen.kind === 'looked' && seen.intent.kind === 'refused' && seen.intent.exhausted)
    return ['RepairsExhausted', seen.intent.why];
  const green = rows.some(({ verdict }) => verdict === 'green');
  if (!green && seen.kind === 'blind') return ['HubUnreachable', seen.why];
  if (!green && rows.length > 0 && rows.every(({ event }) => event?.row === undefined))
    return ['HubUnreachable', "A8's database could not be asked for a single row."];
  const broken = guards?.findings ?? [];
  if (broken.length > 0) return ['GuardBroken', brokenMessage(broken)];
  const red = rows.filter(({ verdict }) => verdict === 'red');
  if (red.length > 0) return ['RowRed', [redMessage(red), ...advised(red, seen)].join(' ')];
  return ['AsExpected', findingsInWords(seen)];
}

/** What a person has to do about red rows, where no remedy can be carried out: a named source that is not there, say. */
function advised(red: readonly StatusRow[], seen: Seen): string[] {
  const open = seen.kind === 'looked' ? seen.findings : [];
  return open
    .filter(({ label, remedies }) => remedies.length === 0 && red.some((row) => row.label === label))
    .flatMap(({ label, code, advice }) =>
      advice === undefined || !isAppLabel(label)
        ? []
        : [`${appNumber(label)} ${code} is for a person: ${advice}.`],
    )
    .slice(0, 3);
}

function brokenMessage(findings: NonNullable<LastGuards['findings']>): string {
  return findings.map(({ code, summary }) => `${code}: ${summary} See ${driftPagePath(code)}.`).join(' ');
}

/** The newest repair of a finding that failed and is still open; where nobody could look it counts as open. */
function openFailure(
  repairs: readonly RepairDone[],
  findings: readonly Judged[] | undefined,
): RepairDone | undefined {
  const newest = repairs.filter(
    (repair, index) =>
      repairs.findIndex(({ app, finding }) => app === repair.app && finding === repair.finding) === index,
  );
  return newest.find(
    ({ ok, app, finding }) =>
      !ok &&
      (findings === undefined || findings.some(({ code, label }) => code === finding && label === app)),
  );
}

function findingsInWords(seen: Seen): string {
  const open = seen.kind === 'looked' ? seen.findings.filter(({ severity }) => severity !== 'info') : [];
  if (open.length === 0) return 'Nothing drifted that a person must act on.';
  const named = open
    .slice(0, 5)
    .map(({ code, label }) => (isAppLabel(label) ? `${appNumber(label)} ${code}` : code));
  return `No row is red. Open findings: ${named.join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}.`;
}
