import type { AppLabel, DrillSummary } from '@scholar/contract';
import type { StoredRow } from '../target/target.ts';

/** The steps of a drill, in their order. */
export const DRILL_STEPS = [
  'start',
  'block',
  'queue',
  'kill',
  'restart',
  'fill',
  'restore',
  'deliver',
  'compare',
] as const;

export type DrillStepName = (typeof DRILL_STEPS)[number];

export interface DrillStep {
  name: DrillStepName;
  /** When it began, ISO 8601. */
  at: string;
  ms: number;
}

/** What a drill saw, before anybody judges it. */
export interface DrillFacts {
  /** When it began, ISO 8601. */
  at: string;
  label: AppLabel;
  /** How many events it was to queue. */
  events: number;
  /** Ids that were acknowledged during the outage, before the disk was filled. */
  queued: readonly string[];
  /** Ids that were acknowledged while the disk was filled; they are owed too. */
  filled: readonly string[];
  /** Events that were refused because the disk was full. */
  refusedFull: number;
  /** Of `queued`: what the forwarder no longer had queued after kill -9 and restart. */
  lostByKill: readonly string[];
  rows: readonly StoredRow[];
  /** From the end of the outage until the last row was read back; undefined when one never was. */
  recoveryMs: number | undefined;
  steps: readonly DrillStep[];
  /** Sentences about what went otherwise than it should. */
  troubles: readonly string[];
}

/** What `scholar drill -o json` prints. */
export interface DrillResult extends DrillSummary {
  /** Ids that were acknowledged and have no row. */
  missing: string[];
  /** Ids with more than one row. */
  duplicates: string[];
  /** Rows that A8 was handed more than once; allowed, since a receipt may be lost on its way. */
  redelivered: number;
  reasons: string[];
  steps: DrillStep[];
}

const NAMED_IDS = 5;

/**
 * Pure. A drill is good when every acknowledged event is exactly one row of its app, the disk really was full, and
 * nothing acknowledged was missing after kill -9.
 */
export function judgeDrill(facts: DrillFacts): DrillResult {
  const owed = [...facts.queued, ...facts.filled];
  const counts = new Map<string, number>();
  for (const { event_id } of facts.rows) counts.set(event_id, (counts.get(event_id) ?? 0) + 1);
  const missing = owed.filter((id) => !counts.has(id));
  const duplicates = owed.filter((id) => (counts.get(id) ?? 0) > 1);
  const foreign = facts.rows.filter(({ app_label }) => app_label !== facts.label);
  const reasons = [
    ...facts.troubles,
    ...told(
      facts.queued.length < facts.events,
      `Only ${facts.queued.length} of ${facts.events} events were acknowledged.`,
    ),
    ...named(facts.lostByKill, 'acknowledged and no longer queued after kill -9'),
    ...told(facts.refusedFull === 0, 'The disk was never full: no event was refused with 507.'),
    ...named(missing, 'acknowledged and without a row'),
    ...named(duplicates, 'in more than one row'),
    ...named(
      foreign.map(({ event_id }) => event_id),
      'stored under the label of another app',
    ),
  ];
  return {
    at: facts.at,
    label: facts.label,
    events: facts.events,
    queued: owed.length,
    refused_full: facts.refusedFull,
    rows: owed.length - missing.length,
    recovery_ms: facts.recoveryMs === undefined ? null : Math.ceil(facts.recoveryMs),
    ok: reasons.length === 0,
    missing,
    duplicates,
    redelivered: facts.rows.filter(({ deliveries }) => deliveries > 1).length,
    reasons,
    steps: [...facts.steps],
  };
}

/** Pure: what is kept of a drill, and told to A8. */
export function summaryOf(result: DrillResult): DrillSummary {
  const { at, label, events, queued, refused_full, rows, recovery_ms, ok } = result;
  return { at, label, events, queued, refused_full, rows, recovery_ms, ok };
}

function told(isSo: boolean, sentence: string): string[] {
  return isSo ? [sentence] : [];
}

function named(ids: readonly string[], what: string): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > NAMED_IDS ? ` and ${ids.length - NAMED_IDS} more` : '';
  return [`Events that are ${what}: ${ids.slice(0, NAMED_IDS).join(', ')}${more}.`];
}
