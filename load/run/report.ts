import { html, type SafeHtml, trusted } from '@scholar/runtime/http';
import { adviceOn } from './advice.ts';
import type { Comparison } from './compare.ts';
import type { Summary } from './summary.ts';
import { isPassed, type Outcome, verdictLine } from './verdict.ts';

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}
td.n{text-align:right;font-variant-numeric:tabular-nums}.bad{color:#c02020;font-weight:600}@media(prefers-color-scheme:dark){.bad{color:#ff8080}}`;

/** A page that needs nothing but itself. Pure. */
export function renderReport(outcome: Outcome, at: Date): string {
  const { profile, engine, summary, comparison } = outcome;
  const title = `Load: ${profile}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${trusted(STYLE)}</style></head><body>
<h1>${title}</h1>
<p class="${isPassed(outcome) ? 'good' : 'bad'}">${verdictLine(outcome)}</p>
<p>Made by ${engine}, ${at.toISOString()}, ${(summary.state.testRunDurationMs / 1000).toFixed(1)} s.</p>
${adviceOn(outcome).map((line) => html`<p>${line}</p>`)}
<h2>Bounds</h2>${bounds(summary)}
<h2>What became of the events</h2>${comparison === undefined ? html`<p>There was no database to compare with; each acknowledged event was asked for.</p>` : fates(comparison)}
<h2>Figures</h2>${figures(summary)}
</body></html>
`.toString();
}

function bounds({ metrics }: Summary): SafeHtml {
  const rows = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(
      ([expression, { ok }]) =>
        html`<tr><td>${metric}</td><td>${expression}</td><td class="${ok ? 'good' : 'bad'}">${ok ? 'held' : 'broken'}</td></tr>`,
    ),
  );
  return html`<table><thead><tr><th>Metric</th><th>Bound</th><th></th></tr></thead><tbody>${rows}</tbody></table>`;
}

function fates({ started, acknowledged, rows, missing, unanswered, cutShort }: Comparison): SafeHtml {
  const lines: [string, number][] = [
    ['iterations that started', started],
    ['acknowledged', acknowledged],
    ['rows', rows],
    ['acknowledged, and no row', missing.length],
    ['rows whose answer was lost', unanswered],
    ['iterations that ended before they could tell', cutShort],
  ];
  return html`<table><tbody>${lines.map(([what, n]) => html`<tr><td>${what}</td><td class="n">${n}</td></tr>`)}</tbody></table>
${missing.length > 0 ? html`<p class="bad">Missing: ${missing.slice(0, 20).join(' ')}${missing.length > 20 ? ' …' : ''}</p>` : ''}`;
}

function figures({ metrics }: Summary): SafeHtml {
  const rows = Object.entries(metrics).map(([name, { values }]) => {
    const shown = Object.entries(values).map(([of, value]) => `${of} ${Number(value.toFixed(2))}`);
    return html`<tr><td>${name}</td><td>${shown.join(', ')}</td></tr>`;
  });
  return html`<table><thead><tr><th>Metric</th><th>Values (times in ms)</th></tr></thead><tbody>${rows}</tbody></table>`;
}
