import { card, dataTable, html, type Page } from '@scholar/runtime/http';
import type { EventView } from '../read/event-view.ts';
import { HQ_STYLESHEET } from './dashboard-page.ts';

/** One event with everything that A8 knows of it. */
export function eventPage(event: EventView): Page {
  const { payload, ...columns } = event;
  const rows = Object.entries(columns).map(([name, value]) => [html`<code>${name}</code>`, show(value)]);
  const body = html`<link rel="stylesheet" href="${HQ_STYLESHEET}">
<h1>${event.event_type}</h1>
<p class="lead">from ${event.app_label}, stored ${event.received_at.toISOString()}${event.simulated && ', simulated'}</p>
${card(html`<pre>${JSON.stringify(payload, undefined, 2)}</pre>`, 'Payload')}
${dataTable({ caption: 'Row', head: ['Column', 'Value'], rows })}
<p><a href="/">Back to the first page</a></p>`;
  return { title: event.event_type, service: 'A8 HQ', body };
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return value instanceof Date ? value.toISOString() : String(value);
}
