import { APP_LABELS, APPS, PROBLEMS, type ProblemCode } from '@scholar/contract';
import { card, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { RejectedRow } from '../../rejected/rejected-table.ts';
import { exportLinks } from '../export/export-links.ts';
import type { HqPage } from '../hq-page.ts';
import { grouped, utcTime } from '../times.ts';
import { address, filterForm, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';
import type { RefusedCount } from './refused-counts.ts';

export type Refused = {
  shown: ViewFilter & { within: Within };
  counts: readonly RefusedCount[];
  /** Rows that were accepted in the window, by app; undefined where the window is too long to count. */
  accepted: ReadonlyMap<string, number> | undefined;
  rows: readonly RejectedRow[];
  /** The page after this one. */
  older: string | undefined;
};

/** Accepted and refused, the reasons, and each refusal with the place that is wrong. */
export function refusedPage({ shown, counts, accepted, rows, older }: Refused): HqPage {
  const filtered = shown.app !== undefined || shown.code !== undefined;
  const body = html`<h1>Refused</h1>
<p class="lead">What came with a valid key and was no event. A sender buries it as a dead letter: nothing of it reaches a figure.</p>
${filterForm('/refused', ['app', 'code', 'simulated', 'within'], shown)}
<h2>Accepted and refused by app</h2>
${byApp(counts, accepted, shown)}
<h2>Reasons</h2>
${counts.length === 0 ? notice('good', `Nothing was refused in ${WITHIN[shown.within].text}.`) : dataTable({ head: ['Reason', 'App', 'Refused', 'Last', 'Pointer of the last', 'What to do'], rows: counts.map((count) => reason(count, shown)) })}
<h2>Refusals${filtered && ' of this filter'}, newest first</h2>
${rows.length === 0 ? notice('info', 'None that this filter lets through. Take a part of the filter away, or choose a longer time.') : dataTable({ head: ['At', 'App', 'Reason', 'Pointer', 'Expected', 'Got', 'Key', 'Refusal'], rows: rows.map(line) })}
${older !== undefined && html`<p><a href="${address('/refused', { app: shown.app, code: shown.code, simulated: shown.simulated, within: shown.within, before: older })}">Older refusals</a></p>`}
${exportLinks({ ...shown, show: 'refused' })}`;
  return { title: 'Refused', current: '/refused', body };
}

function byApp(
  counts: readonly RefusedCount[],
  accepted: Refused['accepted'],
  { simulated, within }: Refused['shown'],
): SafeHtml {
  const rows = APP_LABELS.map((label) => {
    const refused = counts.filter(({ app }) => app === label).reduce((sum, { count }) => sum + count, 0);
    const good = accepted?.get(label) ?? 0;
    const share = good + refused === 0 ? '–' : `${((100 * refused) / (good + refused)).toFixed(2)} %`;
    return [
      html`<strong>${APPS[label].number}</strong> ${label}`,
      accepted === undefined
        ? 'not counted'
        : html`<a href="${address('/live', { app: label, show: 'stored', simulated, within })}">${grouped(good)}</a>`,
      refused === 0
        ? '0'
        : html`<a href="${address('/refused', { app: label, simulated, within })}">${grouped(refused)}</a>`,
      accepted === undefined ? '–' : share,
    ];
  });
  return dataTable({ head: ['App', 'Accepted', 'Refused', 'Share refused'], rows });
}

function reason(
  { app, code, count, lastAt, pointer, lastId }: RefusedCount,
  { simulated, within }: Refused['shown'],
) {
  const problem = PROBLEMS[code as ProblemCode];
  return [
    html`<a href="${address('/refused', { app: app ?? undefined, code, simulated, within })}">${code}</a><small>${problem?.title}</small>`,
    app ?? '–',
    grouped(count),
    html`<a href="/refused/${lastId}">${utcTime(lastAt)}</a>`,
    pointer === null ? '–' : html`<code>${pointer}</code>`,
    problem?.advice ?? '–',
  ];
}

function line(row: RejectedRow) {
  return [
    utcTime(row.at),
    row.app_label ?? '–',
    html`${row.code}${row.canary_id !== null && html` <span class="badge">simulated</span>`}${row.suppressed > 0 && html`<small>and ${row.suppressed} more before it</small>`}`,
    row.pointer === null ? '–' : html`<code>${row.pointer}</code>`,
    row.expected ?? '–',
    row.got ?? '–',
    row.key_id,
    html`<a class="id" href="/refused/${row.id}">${row.event_id?.slice(0, 8) ?? `no. ${row.id}`}</a>`,
  ];
}

/** One refusal with everything that is kept of it. */
export function refusalPage(row: RejectedRow, stored: boolean): HqPage {
  const problem = PROBLEMS[row.code as ProblemCode];
  const { pointer, expected, got, event_id } = row;
  const facts = Object.entries(row).map(([name, value]) => [html`<code>${name}</code>`, show(value)]);
  const body = html`<h1>Refused: ${problem?.title ?? row.code}</h1>
<p class="lead">${row.app_label ?? 'an unnamed app'}, ${utcTime(row.at)}</p>
${card(
  html`<dl class="pairs"><dt>Code</dt><dd><code>${row.code}</code></dd><dt>Pointer</dt><dd><code>${pointer ?? '–'}</code></dd>
<dt>Expected</dt><dd>${expected ?? '–'}</dd><dt>Got</dt><dd>${got ?? '–'}</dd><dt>What to do</dt><dd>${problem?.advice ?? '–'}</dd></dl>`,
  'What is wrong',
)}
${event_id !== null && (stored ? html`<p>Under its id <a href="/events/${event_id}">${event_id}</a> another event, or an earlier delivery, is stored.</p>` : html`<p>No event is stored under its id <code>${event_id}</code>.</p>`)}
${dataTable({ caption: 'What is kept of it: never its body', head: ['Column', 'Value'], rows: facts })}
<p><a href="/refused">All refusals</a></p>`;
  return { title: `Refused: ${row.code}`, body };
}

function show(value: unknown): string | SafeHtml {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '–';
  if (value instanceof Date) return utcTime(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
