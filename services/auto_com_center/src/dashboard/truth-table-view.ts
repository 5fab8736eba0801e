import { APPS, type TruthRow } from '@scholar/contract';
import { badge, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { ShownTruthTable } from '../read/truth-table.ts';

/** The truth table: each verdict with the event that proves it one click away, and how old it is. */
export function truthTableView(shown: ShownTruthTable): SafeHtml {
  return html`${ageNotice(shown)}
${dataTable({
  head: ['App', 'Verdict', 'Config', 'Reachable', 'Event', 'Row at', 'Write', 'Why'],
  rows: shown.table.map((row) => cells(row)),
})}${lastDrill(shown)}`;
}

function lastDrill({ last_drill: drill }: ShownTruthTable): SafeHtml | string {
  if (drill === undefined) return '';
  const at = drill.at.replace('T', ' ').slice(0, 19);
  const recovery =
    drill.recovery_ms === null ? 'not recovered' : `recovered in ${(drill.recovery_ms / 1_000).toFixed(1)} s`;
  const said = `Last drill ${at}, ${APPS[drill.label].title}: ${drill.rows} of ${drill.queued} rows, ${recovery}.`;
  return notice(drill.ok ? 'good' : 'bad', said);
}

function ageNotice(shown: ShownTruthTable): SafeHtml {
  const { at, age_s, target, stale, ok, period_s } = shown;
  if (at === null) return notice('info', 'No truth table has been reported yet. Run "scholar verify".');
  const age = `Target ${target}, verified ${Math.round(age_s ?? 0)} s ago.`;
  if (stale)
    return notice(
      'bad',
      `${age} Nobody has looked for two periods of ${period_s} s: every verdict is unknown.`,
    );
  return ok
    ? notice('good', `${age} Every row is proven.`)
    : notice('bad', `${age} Not every row is proven.`);
}

function cells(row: TruthRow) {
  const { event, config, reachable } = row;
  const p95 = reachable.p95_ms === null ? '' : `, P95 ${Math.round(reachable.p95_ms)} ms`;
  return [
    html`<strong>${row.app}</strong> ${APPS[row.label].title}`,
    badge(row.verdict),
    config.ok ? 'complete' : `missing ${config.missing.join(', ') || 'unknown'}`,
    `health ${yesNo(reachable.health)}, ready ${yesNo(reachable.ready)}${p95}`,
    event.event_id === null
      ? '–'
      : html`<a class="id" href="/events/${event.event_id}" title="${event.event_id}">${event.event_id.slice(0, 8)}</a>`,
    event.row_at === null ? '–' : event.row_at.replace('T', ' ').slice(0, 19),
    event.write_ms === null ? '–' : `${Math.round(event.write_ms)} ms, ${event.retries ?? 0} retries`,
    row.reasons.join(' ') || '–',
  ];
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
