import { APPS, type AppLabel, type Hops, type Owed, type TruthRow } from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { ForwarderStatusView, LostEvidence } from '../audit/snapshot.ts';
import type { StoredRow } from '../target/target.ts';
import type { Followed } from './follow-event.ts';

/** Everything that was seen of one app in one verification. */
export interface RowEvidence {
  label: AppLabel;
  /** Findings of the audit about this app. */
  judged: readonly Judged[];
  /** False when the app's process did not tell what it runs with. */
  told: boolean;
  reachable: { health: boolean; ready: boolean; p95Ms: number | null };
  /** Why the request with the canary failed; undefined when the app answered 2xx. */
  refused: string | undefined;
  eventId: string;
  sentAt: string;
  /** When the app answered 2xx or 3xx, and when its row was first read back; null = not seen. */
  answeredAt: string | null;
  readAt: string | null;
  followed: Followed;
  /** The row with this id; null = not there; undefined = the database could not be asked. */
  row: StoredRow | null | undefined;
  /** Sender's POST until receipt, in ms, over all samples of the app, and the bound of its P95. */
  writes: { p95Ms: number | null; failed: number; boundMs: number };
  lost: readonly LostEvidence[];
  /** The forwarder's own word in the same look; undefined = it did not answer. */
  forwarder: Pick<ForwarderStatusView, 'state' | 'depth' | 'oldestAgeSeconds' | 'hold'> | undefined;
  /** As declared; 0 = nothing is. undefined = the look did not reach the declaration. */
  minimumPerHour: number | undefined;
}

/** Findings that answer the brief's first column. */
const CONFIG_CODES =
  /_missing$|^secret_differs$|^a8_url_(missing|elsewhere)$|^legacy_endpoint$|^key_|_emission$|^console_only|^legacy_event_names$|^(protocol|label)_drift$/u;

/** Pure: the row of the truth table. Green needs every column proven; what could not be looked at is unknown, never green. */
export function truthRow(evidence: RowEvidence): TruthRow {
  const config = configOf(evidence);
  const reasons = [...reasonsOf(evidence, config.missing), ...eventReasons(evidence)];
  const couldLook = evidence.row !== undefined;
  return {
    app: APPS[evidence.label].number,
    label: evidence.label,
    config,
    reachable: {
      health: evidence.reachable.health,
      ready: evidence.reachable.ready,
      p95_ms: rounded(evidence.reachable.p95Ms),
    },
    event: {
      event_id: evidence.eventId,
      request_id: evidence.followed.requestId ?? evidence.row?.request_id ?? null,
      at: evidence.sentAt,
      persisted: evidence.followed.persisted ?? (evidence.row !== null && evidence.row !== undefined),
      row: couldLook ? evidence.row !== null : null,
      row_at: evidence.row?.received_at ?? null,
      write_ms: rounded(evidence.followed.writeMs),
      retries: evidence.followed.retries,
    },
    hops: hopsOf(evidence),
    owed: owedOf(evidence),
    ...(evidence.minimumPerHour === undefined ? {} : { minimum_per_hour: evidence.minimumPerHour }),
    verdict: reasons.length > 0 ? 'red' : couldLook ? 'green' : 'unknown',
    reasons: couldLook ? reasons : [...reasons, "A8's database could not be asked for the row."],
  };
}

function hopsOf({ sentAt, answeredAt, readAt, followed, row }: RowEvidence): Hops {
  return {
    sent_at: sentAt,
    answered_at: answeredAt,
    queued_at: followed.acceptedAt,
    received_at: row?.received_at ?? null,
    receipt_at: followed.deliveredAt,
    read_at: readAt,
  };
}

function owedOf({ forwarder }: RowEvidence): Owed | null {
  if (forwarder === undefined) return null;
  const { state, depth, oldestAgeSeconds, hold } = forwarder;
  const held = hold === null ? null : `${hold.reason}: ${hold.detail}`;
  return { state, depth, oldest_s: depth === 0 ? null : oldestAgeSeconds, held };
}

function configOf({ judged, told }: RowEvidence): TruthRow['config'] {
  if (!told) return { ok: false, missing: ['/running'] };
  const faults = judged.filter(({ code, severity }) => severity === 'critical' && CONFIG_CODES.test(code));
  const keys = faults.flatMap(({ remedies, code }) => {
    const named = remedies.flatMap((remedy) => (remedy.kind === 'reset_setting' ? [remedy.key] : []));
    return named.length === 0 ? [code] : named;
  });
  return { ok: faults.length === 0, missing: [...new Set(keys)] };
}

function reasonsOf({ label, told, judged, reachable, writes }: RowEvidence, missing: string[]): string[] {
  const reasons: string[] = [];
  if (!told) reasons.push(`${label} does not tell what it runs with: /running does not answer.`);
  else if (missing.length > 0) {
    const faults = judged.filter(({ code, severity }) => severity === 'critical' && CONFIG_CODES.test(code));
    reasons.push(...faults.map(({ summary }) => summary));
  }
  if (!reachable.health) reasons.push('/health does not answer 200.');
  if (!reachable.ready) reasons.push('/ready does not answer 200.');
  if (writes.p95Ms !== null && writes.p95Ms > writes.boundMs) {
    reasons.push(
      `The P95 of its writes is ${Math.round(writes.p95Ms)} ms; the bound is ${writes.boundMs} ms.`,
    );
  }
  if (writes.failed > 0) reasons.push(`${writes.failed} of its sample events got no receipt.`);
  return reasons;
}

/** A table that is gone loses them all; a few say it. */
const NAMED_LOSSES = 5;

function eventReasons({ refused, followed, row, eventId, lost, label }: RowEvidence): string[] {
  const reasons: string[] = [];
  if (refused !== undefined) reasons.push(`The canary on its own path failed: ${refused}.`);
  if (row === null) reasons.push(`No row ${eventId} in A8's database: ${whereItIs(followed)}.`);
  if (row !== null && row !== undefined && row.app_label !== label) {
    reasons.push(`The row ${eventId} is there under the label ${row.app_label}.`);
  }
  for (const { what, event_id, seen_at } of lost.slice(0, NAMED_LOSSES)) {
    const now = what === 'gone' ? 'is in the database no more' : 'holds something else now';
    reasons.push(`The row ${event_id}, proven at ${seen_at}, ${now}.`);
  }
  if (lost.length > NAMED_LOSSES) reasons.push(`So it is with ${lost.length - NAMED_LOSSES} further rows.`);
  return reasons;
}

function whereItIs({ state, detail }: Followed): string {
  switch (state) {
    case 'delivered':
      return 'the forwarder has a receipt for it, so A8 lost it or told a lie';
    case 'held':
      return `the forwarder holds it (${detail})`;
    case 'dead':
      return `A8 refused it (${detail}); it is a dead letter of the forwarder`;
    case 'queued':
      return 'it waits in the forwarder for A8';
    case 'not_seen':
      return 'the app never handed it to its forwarder';
    case 'unreachable':
      return 'the forwarder does not answer';
  }
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}
