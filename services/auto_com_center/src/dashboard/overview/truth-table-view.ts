import { APPS, type TruthRow } from '@scholar/contract';
import { badge, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { ShownTruthTable } from '../../read/truth-table.ts';
import { span, utcTime } from '../times.ts';

/** The truth table: each verdict leads to the row that proves it, and how old it is. */
export function truthTableView(shown: ShownTruthTable): SafeHtml {
  return html`${ageNotice(shown)}
${dataTable({
  head: ['App', 'Verdict', 'Config', 'Reachable', 'Evidence', 'Row at', 'Write', 'Why'],
  rows: shown.table.map((row) => cells(row)),
})}${simulations(shown)}${lastDrill(shown)}`;
}

function lastDrill({ last_drill: drill }: ShownTruthTable): SafeHtml | string {
  if (drill === undefined) return '';
  const recovery =
    drill.recovery_ms === null ? 'not recovered' : `recovered in ${(drill.recovery_ms / 1_000).toFixed(1)} s`;
  return notice(
    drill.ok ? 'good' : 'bad',
    html`Last drill ${utcTime(drill.at)}, ${APPS[drill.label].title}: ${drill.rows} of ${drill.queued} rows, ${recovery}.`,
  );
}

function simulations({ simulations: played }: ShownTruthTable): SafeHtml | string {
  if (played.length === 0) return '';
  return html`<p class="fine">Simulations: ${played.map(
    ({ name, event_id, row }, place) =>
      html`${place > 0 && ', '}${evidenceLink(event_id, name)} ${row ? 'proven' : 'not proven'}`,
  )}.</p>`;
}

function ageNotice(shown: ShownTruthTable): SafeHtml {
  const { at, age_s, target, stale, ok, period_s } = shown;
  if (at === null) return notice('info', 'No truth table has been reported yet. Run "scholar verify".');
  const age = `Target ${target}, verified ${span(age_s ?? 0)} ago.`;
  if (stale)
    return notice(
      'bad',
      `${age} Nobody has looked for two periods of ${period_s} s: every verdict is unknown. See why the operator, or "make up", does not run; "scholar verify" looks once.`,
    );
  return ok
    ? notice('good', `${age} Every row is proven.`)
    : notice(
        'bad',
        `${age} Not every row is proven. "scholar audit" says what drifted, "scholar fix" repairs it.`,
      );
}

function cells(row: TruthRow) {
  const { event, config, reachable } = row;
  const p95 = reachable.p95_ms !== null && html`<small>P95 ${Math.round(reachable.p95_ms)} ms</small>`;
  return [
    html`<strong>${row.app}</strong> ${APPS[row.label].title}`,
    event.event_id !== null && row.verdict === 'green'
      ? html`<a class="proof" href="/events/${event.event_id}" aria-label="green: the row that proves ${row.label}">${badge('green')}</a>`
      : badge(row.verdict),
    config.ok ? 'complete' : `missing ${config.missing.join(', ') || 'unknown'}`,
    html`health ${yesNo(reachable.health)}, ready ${yesNo(reachable.ready)}${p95}`,
    evidenceLink(event.event_id),
    utcTime(event.row_at),
    event.write_ms === null
      ? '–'
      : html`${Math.round(event.write_ms)} ms<small>${event.retries ?? 0} retries</small>`,
    row.reasons.join(' ') || '–',
  ];
}

function evidenceLink(eventId: string | null, text?: string): SafeHtml | string {
  if (eventId === null) return text ?? '–';
  return html`<a class="id" href="/events/${eventId}" title="${eventId}">${text ?? eventId.slice(0, 8)}</a>`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
