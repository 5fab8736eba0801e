import type { Erasure, OutboxVerification } from '../outbox/index.ts';
import type { Listing, Shown } from './outbox-access.ts';

/** A table for people: columns as wide as their widest cell. */
export function renderListing({ events, totals }: Listing): string {
  const rows = events.map(({ event_id, state, accepted_at, bytes, class: deadClass }) => [
    event_id,
    deadClass ? `${state} (${deadClass})` : state,
    accepted_at,
    String(bytes),
  ]);
  const counts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  return `${columns([['EVENT', 'STATE', 'ACCEPTED', 'BYTES'], ...rows])}${counts.join(', ')}\n`;
}

export function renderShown({ headers, body, ...facts }: Shown): string {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  const rows = known.map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return `${columns(rows)}\n${sent.join('')}\n${body}\n`;
}

export function renderErasure(found: Erasure & { dry_run: boolean }): string {
  const { dry_run, queued, delivered, other, dead_letters, emptied, discarded, quarantine_files } = found;
  const does = dry_run ? 'would lose' : 'lost';
  const lines = [
    `${queued + delivered + other} records (${queued} owed, ${delivered} delivered, ${other} other) and ${dead_letters} dead letters ${does} their content`,
    ...(emptied > 0
      ? [`${emptied} of them all of it; ${discarded} of these were owed and count as discarded`]
      : []),
    ...(quarantine_files > 0
      ? [`${quarantine_files} quarantined files may name the actor: look, and remove them by hand`]
      : []),
    ...(dry_run ? ['nothing was changed; give --yes to erase'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderVerification(found: OutboxVerification): string {
  const { counts, segments, inUseBy } = found;
  const facts = [
    `${segments} segments: ${Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
    ...(inUseBy === undefined ? [] : [`in use by process ${inUseBy}`]),
    ...found.torn.map(
      ({ file, offset, bytes }) =>
        `torn tail: ${file} at ${offset}, ${bytes} bytes (a crash; cut at the next start)`,
    ),
    ...found.corrupt.map(({ file, offset, bytes }) => `CORRUPT: ${file} at ${offset}, ${bytes} bytes`),
    ...found.quarantineFiles.map((file) => `QUARANTINED: ${file}`),
    ...found.orphans.map((file) => `NOT OURS: ${file}`),
    ...found.missingSegments.map((segment) => `MISSING: segment ${segment}`),
  ];
  return `${facts.join('\n')}\n${found.ok ? 'every record is sound' : 'something is wrong, see above'}\n`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
