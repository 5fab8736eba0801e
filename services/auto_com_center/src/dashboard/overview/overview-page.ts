import { badge, card, html, notice } from '@scholar/runtime/http';
import type { LatencySummary } from '../../ingest/write-latency.ts';
import type { ShownTruthTable } from '../../read/truth-table.ts';
import { ASSETS } from '../assets.ts';
import type { HqPage } from '../hq-page.ts';
import { type AppState, appsView } from './apps-view.ts';
import { latencyFigure } from './latency-figure.ts';
import { truthTableView } from './truth-table-view.ts';

export type Overview = {
  truthTable: ShownTruthTable;
  apps: readonly AppState[];
  latency: { summary: LatencySummary; sorted: Float64Array };
  nowMs: number;
};

/** The first page: is it true, who is quiet and who dead, how fast is it stored. It looks again by itself. */
export function overviewPage({ truthTable, apps, latency, nowMs }: Overview): HqPage {
  const uncounted = apps.every(({ events1h }) => events1h === null);
  const body = html`<div class="heading"><h1>Source of truth</h1>
<p class="fine" role="status" data-refresh-state>As of this page.</p></div>
<section data-refresh="truth" aria-labelledby="truth"><h2 id="truth">Truth table ${summary(truthTable)}</h2>
${truthTableView(truthTable)}</section>
<section data-refresh="apps" aria-labelledby="apps"><h2 id="apps">Quiet or dead</h2>
${uncounted && notice('info', 'The events of the last hour could not be counted in time. They are counted on with the next look.')}
${appsView(apps, { nowMs, ageS: truthTable.age_s })}</section>
<div data-refresh="latency">${card(latencyFigure(latency.summary, latency.sorted), 'Write latency')}</div>`;
  return { title: 'HQ', current: '/', body, scripts: [ASSETS.refresh] };
}

function summary({ table }: ShownTruthTable) {
  const green = table.filter(({ verdict }) => verdict === 'green').length;
  const anyRed = table.some(({ verdict }) => verdict === 'red');
  return badge(
    green === table.length ? 'green' : anyRed ? 'red' : 'unknown',
    `${green} of ${table.length} green`,
  );
}
