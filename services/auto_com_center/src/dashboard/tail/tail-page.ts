import { PROBLEMS, type ProblemCode } from '@scholar/contract';
import { html, type SafeHtml } from '@scholar/runtime/http';
import { type Cursor, formatCursor } from '../../read/cursor.ts';
import type { EventView } from '../../read/event-view.ts';
import type { RejectedRow } from '../../rejected/rejected-table.ts';
import { ASSETS } from '../assets.ts';
import { exportLinks } from '../export/export-links.ts';
import type { HqPage } from '../hq-page.ts';
import { utcTime } from '../times.ts';
import { address, filterForm, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';

export type Tail = {
  shown: ViewFilter & { within: Within };
  stored: readonly EventView[];
  refused: readonly RejectedRow[];
  /** Where the streams go on; undefined where one is not shown. */
  from: { stored: Cursor | undefined; refused: string | undefined };
};

/** Lines of a tail before and after scripts; `live-tail.js` reads it off the table. */
export const TAIL_ROWS = 50;

/** What comes in, as it comes in. Without scripts it is the newest rows when the page was made. */
export function tailPage(tail: Tail): HqPage {
  const { shown } = tail;
  const paused = shown.at !== undefined || shown.refused_at !== undefined;
  const body = html`<div class="heading"><h1>Live</h1>
<p class="row"><span class="badge" role="status" data-live-state>${paused ? 'paused' : 'as of this page'}</span>
<button class="quiet" type="button" data-live-pause aria-pressed="${paused ? 'true' : 'false'}" hidden>Pause</button></p></div>
${filterForm('/live', ['app', 'type', 'show', 'simulated', 'within'], shown)}
<div class="scroll" tabindex="0" role="region" aria-label="Events, newest first">${table(tail, paused)}</div>
${exportLinks(shown)}`;
  return { title: 'Live', current: '/live', body, scripts: [ASSETS.liveTail] };
}

function table({ shown, stored, refused, from }: Tail, paused: boolean): SafeHtml {
  const { app, type, simulated } = shown;
  const storedFrom =
    from.stored && address('/events/stream', { app, type, simulated, cursor: formatCursor(from.stored) });
  const refusedFrom = from.refused && address('/rejected/stream', { app, simulated, cursor: from.refused });
  const lines = [...stored.map(storedLine), ...refused.map(refusedLine)]
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, TAIL_ROWS);
  const left = simulated === 'exclude' ? ' Simulated ones are left out.' : '';
  return html`<table data-live-tail data-rows="${TAIL_ROWS}" data-paused="${paused ? 'yes' : 'no'}"${storedFrom && html` data-stored="${storedFrom}"`}${refusedFrom && html` data-refused="${refusedFrom}"`}>
<thead><tr>${HEAD.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${lines.length === 0 && html`<tr data-live-empty><td colspan="${HEAD.length}">Nothing in ${WITHIN[shown.within].text} that this filter lets through.${left} What comes in now appears here.</td></tr>`}${lines.map(({ row }) => row)}</tbody></table>`;
}

const HEAD = ['Received', 'App', 'What', 'Where', 'Event'];

type LineOfTail = { at: Date; row: SafeHtml };

function storedLine(event: EventView): LineOfTail {
  const { received_at: at, app_label, event_type, event_id, simulated, source } = event;
  return {
    at,
    row: line({
      id: event_id,
      cells: [
        utcTime(at, 'clock'),
        app_label,
        html`${event_type}${simulated && html` <span class="badge">simulated</span>`}`,
        source,
        html`<a class="id" href="/events/${event_id}" title="${event_id}">${event_id.slice(0, 8)}</a>`,
      ],
    }),
  };
}

function refusedLine(refusal: RejectedRow): LineOfTail {
  const { id, at, app_label, code, pointer, canary_id, event_id } = refusal;
  return {
    at,
    row: line({
      id: `refused-${id}`,
      cells: [
        utcTime(at, 'clock'),
        app_label ?? '–',
        html`<span class="badge red">refused</span> <span title="${PROBLEMS[code as ProblemCode]?.title ?? ''}">${code}</span>${canary_id !== null && html` <span class="badge">simulated</span>`}`,
        pointer ?? '–',
        html`<a class="id" href="/refused/${id}">${event_id?.slice(0, 8) ?? 'refusal'}</a>`,
      ],
    }),
  };
}

function line({ id, cells }: { id: string; cells: readonly (SafeHtml | string)[] }): SafeHtml {
  return html`<tr data-id="${id}">${cells.map((cell, place) => html`<td data-label="${HEAD[place] ?? ''}">${cell}</td>`)}</tr>`;
}
