import { html, type SafeHtml } from '@scholar/runtime/http';
import { address, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';

/** Links that download everything that the filter lets through, not only what the page shows. */
export function exportLinks(shown: ViewFilter & { within: Within }): SafeHtml {
  const { app, type, code, simulated, within, show } = shown;
  const lists = [
    ...(show === 'refused'
      ? []
      : [{ what: 'stored', path: '/events/export', query: { app, type, simulated, within } }]),
    ...(show === 'stored' || type !== undefined
      ? []
      : [{ what: 'refused', path: '/rejected/export', query: { app, code, simulated, within } }]),
  ];
  const links = lists.map(
    ({ what, path, query }) =>
      html`<li>${what}: <a href="${address(path, { ...query, format: 'csv' })}" download aria-label="${what} as CSV">CSV</a> <a href="${address(path, { ...query, format: 'json' })}" download aria-label="${what} as JSON">JSON</a></li>`,
  );
  return html`<p class="fine" id="export">Download all that this filter lets through, ${WITHIN[within].text}, newest first:</p>
<ul class="plain" aria-labelledby="export">${links}</ul>`;
}
