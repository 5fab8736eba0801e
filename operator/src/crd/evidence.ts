import type { Hops, RowVerdict, TruthRow } from '@scholar/contract';
import type { StatusRow } from './status.ts';

/** Pure: what a row is worth now. Evidence that has expired, or never had an expiry, is never green. */
export function verdictNow(row: Pick<StatusRow, 'verdict' | 'expiresAt'>, nowMs: number): RowVerdict {
  if (row.verdict !== 'green') return row.verdict === 'red' && isFresh(row, nowMs) ? 'red' : 'unknown';
  return isFresh(row, nowMs) ? 'green' : 'unknown';
}

function isFresh({ expiresAt }: Pick<StatusRow, 'expiresAt'>, nowMs: number): boolean {
  // A date that cannot be read compares as false: not fresh.
  return expiresAt !== undefined && Date.parse(expiresAt) > nowMs;
}

export interface Summarized {
  rows: StatusRow[];
  summary: { green: number; red: number; unknown: number };
  expiresAt?: string;
}

/** Pure: the rows as of now, with their counts and the next time at which one expires. */
export function summarized(rows: readonly StatusRow[], nowMs: number): Summarized {
  const shown = rows.map((row) => ({ ...row, verdict: verdictNow(row, nowMs) }));
  const count = (verdict: RowVerdict): number => shown.filter((row) => row.verdict === verdict).length;
  const [expiresAt] = shown
    .filter(({ verdict }) => verdict !== 'unknown')
    .flatMap((row) => row.expiresAt ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  return {
    rows: shown,
    summary: { green: count('green'), red: count('red'), unknown: count('unknown') },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Pure: a row of `scholar verify` as a row of the status. Two canary intervals after `provenAtMs` it expires. */
export function statusRow(
  row: TruthRow,
  seen: {
    provenAtMs: number;
    canaryIntervalMs: number;
    p95WriteMs?: number | null;
  },
): StatusRow {
  const { event, reachable } = row;
  const write = seen.p95WriteMs ?? event.write_ms;
  return {
    label: row.label,
    app: row.app,
    verdict: row.verdict,
    config: { ok: row.config.ok, ...(row.config.missing.length > 0 ? { missing: row.config.missing } : {}) },
    reachable: {
      health: reachable.health,
      ready: reachable.ready,
      ...given('p95Ms', upward(reachable.p95_ms)),
    },
    ...filled('event', {
      ...given('eventId', event.event_id),
      ...given('requestId', event.request_id),
      ...given('sentAt', event.at),
      ...given('persisted', event.persisted),
      ...given('row', event.row),
      ...given('rowAt', event.row_at),
      ...given('p95WriteMs', upward(write)),
      ...given('retries', event.retries),
    }),
    ...filled('hops', row.hops === undefined ? {} : sinceSent(row.hops)),
    expiresAt: new Date(seen.provenAtMs + 2 * seen.canaryIntervalMs).toISOString(),
    ...(row.reasons.length > 0
      ? { reasons: row.reasons.slice(0, 16).map((each) => each.slice(0, 1024)) }
      : {}),
  };
}

/** A hop before the sending shows how far two clocks are apart, and no duration: it is left out. */
function sinceSent({
  sent_at,
  answered_at,
  queued_at,
  receipt_at,
  read_at,
}: Hops): NonNullable<StatusRow['hops']> {
  const msOf = (at: string | null): number | null => {
    const ms = Date.parse(at ?? '') - Date.parse(sent_at ?? '');
    return ms >= 0 ? Math.ceil(ms) : null;
  };
  return {
    ...given('appMs', msOf(answered_at)),
    ...given('forwarderMs', msOf(queued_at)),
    ...given('hubMs', msOf(receipt_at)),
    ...given('rowMs', msOf(read_at)),
  };
}

/** What is null in the contract is absent in a status: nobody owns a field that is not there. */
function given<K extends string, V>(key: K, value: V | null): { [P in K]?: V } {
  return value === null ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** Server-side apply of an empty object over fields that we own leaves null, which the schema refuses. */
function filled<K extends string, V extends object>(key: K, value: V): { [P in K]?: V } {
  return Object.keys(value).length === 0 ? {} : ({ [key]: value } as { [P in K]?: V });
}

function upward(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms);
}
