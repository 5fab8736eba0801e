import { card, html, type Page, type SafeHtml } from '@scholar/runtime/http';
import type { LatencySummary } from '../ingest/write-latency.ts';
import type { EventView } from '../read/event-view.ts';
import type { ShownTruthTable } from '../read/truth-table.ts';
import { latencyFigure } from './latency-figure.ts';
import { truthTableView } from './truth-table-view.ts';

export const HQ_STYLESHEET = '/assets/hq.css';
export const LIVE_TAIL_SCRIPT = '/assets/live-tail.js';

export type Dashboard = {
  truthTable: ShownTruthTable;
  latest: readonly EventView[];
  latency: { summary: LatencySummary; sorted: Float64Array };
  withSimulated: boolean;
};

/** The first page: is it true, what comes in, how fast is it stored. */
export function dashboardPage(dashboard: Dashboard): Page {
  const { truthTable, latest, latency, withSimulated } = dashboard;
  const body = html`<link rel="stylesheet" href="${HQ_STYLESHEET}">
<h1>Source of truth</h1>
<section aria-labelledby="truth"><h2 id="truth">Truth table</h2>
${truthTableView(truthTable)}</section>
<section aria-labelledby="tail">${tailHeading(withSimulated)}
${tailTable(latest, withSimulated)}</section>
${card(latencyFigure(latency.summary, latency.sorted), 'Write latency')}
<form class="inline" method="post" action="/session/end"><button class="quiet" type="submit">Sign out</button></form>`;
  return { title: 'HQ', service: 'A8 HQ', body, scripts: [LIVE_TAIL_SCRIPT] };
}

function tailHeading(withSimulated: boolean): SafeHtml {
  const link = withSimulated
    ? html`<a href="/">hide simulated events</a>`
    : html`<a href="/?simulated=include">show simulated events too</a>`;
  return html`<div class="heading"><h2 id="tail">Latest events <span class="badge" data-live-state>as of this page</span></h2>
<p class="fine">${link}</p></div>`;
}

function tailTable(latest: readonly EventView[], withSimulated: boolean): SafeHtml {
  const stream = withSimulated ? '/events/stream?simulated=include' : '/events/stream';
  const empty =
    latest.length === 0 &&
    html`<tr data-live-empty><td colspan="5">No event yet${withSimulated ? '' : ' that is not simulated'}.</td></tr>`;
  return html`<div class="scroll" tabindex="0"><table data-live-tail="${stream}">
<thead><tr>${['Received (UTC)', 'App', 'Type', 'Source', 'Event'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${empty}${latest.map(tailRow)}</tbody></table></div>`;
}

function tailRow(event: EventView): SafeHtml {
  return html`<tr><td>${event.received_at.toISOString().slice(11, 23)}</td><td>${event.app_label}</td>
<td>${event.event_type}</td><td>${event.source}</td>
<td><a class="id" href="/events/${event.event_id}">${event.event_id.slice(0, 8)}</a></td></tr>`;
}
