import { HEADER } from '@scholar/contract';
import { badge, card, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { EventView } from '../../read/event-view.ts';
import { ASSETS } from '../assets.ts';
import type { HqPage } from '../hq-page.ts';
import { span, utcTime } from '../times.ts';
import { address } from '../view-filter.ts';
import { asCurl } from './as-curl.ts';
import type { EventStory } from './event-story.ts';
import { hopTimes } from './hop-times.ts';

/** One event with everything that A8 knows of it. */
export function eventPage(event: EventView, story: EventStory): HqPage {
  const { event_type, app_label, received_at, simulated, deliveries, event_id } = event;
  const body = html`<h1>${event_type}</h1>
<p class="lead">from <a href="${address('/live', { app: app_label, simulated: simulated ? 'include' : undefined })}">${app_label}</a>, stored ${utcTime(received_at)} ${badge('green', 'row')}${simulated && html` <span class="badge">simulated</span>`}</p>
<p class="fine"><code>${event_id}</code> was delivered ${deliveries === 1 ? 'once' : `${deliveries} times; each time after the first was answered as a duplicate`}.</p>
${proof(story)}
${event.erased_at !== null && notice('info', html`Erased ${utcTime(event.erased_at)}: what could tell of a person is gone; the row, its id and its times stay.`)}
${card(html`<pre tabindex="0">${JSON.stringify(event.payload, undefined, 2)}</pre>`, 'Payload')}
${hops(event, story)}
${dataTable({ caption: 'Headers and trace of the first delivery', head: ['Header', 'Value'], rows: headers(event) })}
${refusals(story)}
${event.erased_at === null && curl(event)}
${card(html`<pre tabindex="0">${JSON.stringify(event, undefined, 2)}</pre>`, 'Raw row')}
<p><a href="/live">Back to the live tail</a></p>`;
  return { title: event_type, body, scripts: [ASSETS.copy] };
}

function proof({ evidence }: EventStory): SafeHtml | string {
  if (evidence === undefined) return '';
  return notice(
    'good',
    html`Truth table ${evidence.verdictId} of target ${evidence.target}, ${utcTime(evidence.at)}, rests on this row.`,
  );
}

function hops(event: EventView, { evidence }: EventStory): SafeHtml {
  const steps = hopTimes(event, evidence?.hops);
  const table = dataTable({
    caption: 'Where it was when',
    head: ['Hop', 'At', 'Clock of', 'Step'],
    rows: steps.map(({ what, at, clock, sincePreviousMs }) => [
      what,
      at === null
        ? 'not seen'
        : html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 23).replace('T', ' ')}</time>`,
      clock,
      sincePreviousMs === null ? '–' : step(sincePreviousMs),
    ]),
  });
  const why =
    evidence?.hops === undefined &&
    html`<p class="fine">The hops between are followed for canaries of the truth table only; "scholar trace ${event.event_id}" asks the forwarder.</p>`;
  return html`${table}${why}`;
}

function step(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds} ms` : span(milliseconds / 1_000);
}

function headers(event: EventView) {
  const values = [
    [HEADER.label, event.app_label],
    [HEADER.eventId, event.event_id],
    [HEADER.requestId, event.request_id],
    [HEADER.traceparent, event.traceparent],
    [HEADER.forwarder, event.forwarder_id],
    [`${HEADER.canary} (its id)`, event.canary_id],
    [`${HEADER.authorization} (id of its key)`, event.key_id],
  ] as const;
  return values.map(([name, value]) => [html`<code>${name}</code>`, value ?? 'not sent']);
}

function refusals({ refusals: found }: EventStory): SafeHtml | string {
  if (found.length === 0) return '';
  return dataTable({
    caption: 'Refused under the same id, within a day of this row',
    head: ['At', 'Reason', 'Pointer'],
    rows: found.map(({ id, at, code, pointer }) => [
      html`<a href="/refused/${id}">${utcTime(at)}</a>`,
      code,
      pointer ?? '–',
    ]),
  });
}

function curl(event: EventView): SafeHtml {
  const { command, same } = asCurl(event);
  const said = same
    ? 'The same body to the letter: A8 answers 200 with duplicate:true, and nothing changes but deliveries.'
    : 'How the sender wrote it cannot be told from the row any more: A8 answers 409 under this id. Take a new x-event-id to store it once more.';
  return card(
    html`<pre id="curl" tabindex="0">${command}</pre>
<p class="row"><button class="quiet" type="button" data-copy="curl" hidden>Copy as curl</button> <span role="status" data-copied></span></p>
<p class="fine">No key is in it: set A8_URL, and A8_KEY to an emit key of ${event.app_label}. ${said}${event.simulated && ' In production a simulated event needs a canary token beside it.'}</p>`,
    'As curl',
  );
}
