import { APP_LABELS, APPS, type AppLabel } from '@scholar/contract';
import { dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { ASSETS } from '../assets.ts';
import type { HqPage } from '../hq-page.ts';
import { grouped, utcTime } from '../times.ts';
import { address, filterForm, simulatedOf, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';
import type { Cell, Counted } from './minute-counts.ts';

/** The windows of this page and the minutes of one bar. */
const BAR_MINUTES = { '1h': 1, '6h': 5, '24h': 20 } as const satisfies Partial<Record<Within, number>>;
export type VolumeWindow = keyof typeof BAR_MINUTES;
export const WINDOW_MINUTES = { '1h': 60, '6h': 360, '24h': 1_440 } as const satisfies Record<
  VolumeWindow,
  number
>;

export type Line = { app: string; type: string; bars: number[]; total: number };

/** Pure: one line for each app and type that has an event, busiest first within its app. */
export function linesOf(counted: Counted, barMinutes: number, keep: (cell: Cell) => boolean): Line[] {
  const bars = Math.ceil((counted.to - counted.from + 1) / barMinutes);
  const lines = new Map<string, Line>();
  for (const cell of counted.cells.filter(keep)) {
    const name = `${cell.app} ${cell.type}`;
    const line = lines.get(name) ?? {
      app: cell.app,
      type: cell.type,
      bars: new Array(bars).fill(0),
      total: 0,
    };
    const place = Math.floor((cell.minute - counted.from) / barMinutes);
    line.bars[place] = (line.bars[place] ?? 0) + cell.count;
    line.total += cell.count;
    lines.set(name, line);
  }
  const order = (label: string) => APP_LABELS.indexOf(label as AppLabel);
  return [...lines.values()].sort((a, b) => order(a.app) - order(b.app) || b.total - a.total);
}

/** Events per app and type over time. */
export function volumePage(shown: ViewFilter, window: VolumeWindow, counted: Counted): HqPage {
  const simulated = simulatedOf(shown);
  const barMinutes = BAR_MINUTES[window];
  const lines = linesOf(counted, barMinutes, (cell) => simulated === null || cell.simulated === simulated);
  const silent = APP_LABELS.filter((label) => !lines.some(({ app }) => app === label));
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  const start = new Date(counted.from * 60_000);
  const body = html`<div class="heading"><h1>Volume</h1><p class="fine" role="status" data-refresh-state>As of this page.</p></div>
${filterForm('/volume', ['within', 'simulated'], { ...shown, within: window })}
<div data-refresh="volume"><p>${grouped(total)} events in ${WITHIN[window].text}, since ${utcTime(start)}. A bar is ${barMinutes} min; each line has a scale of its own.</p>
${counted.uncounted > 0 && notice('info', `${counted.uncounted} min of this window are not counted yet. This page goes on counting by itself.`)}
${
  lines.length === 0
    ? notice(
        'info',
        'Not one event in this window. Choose a longer one, or see on the overview whether the apps are quiet or dead.',
      )
    : dataTable({
        head: ['App', 'Type', 'Over time', 'Events', 'Most in a bar', 'Last bar'],
        rows: lines.map((line) => cells(line, shown, window)),
      })
}
${lines.length > 0 && silent.length > 0 && html`<p class="fine">Nothing from ${silent.map((label) => `${APPS[label].number} ${label}`).join(', ')}: <a href="/">quiet or dead?</a></p>`}</div>`;
  return { title: 'Volume', current: '/volume', body, scripts: [ASSETS.refresh] };
}

function cells({ app, type, bars, total }: Line, { simulated }: ViewFilter, window: VolumeWindow) {
  const query = { app, type, show: 'stored', simulated, within: window };
  return [
    app,
    type,
    sparkline(
      bars,
      `${app} ${type}: ${total} events, at most ${Math.max(...bars)} in ${BAR_MINUTES[window]} min`,
    ),
    html`<a href="${address('/live', query)}">${grouped(total)}</a>`,
    grouped(Math.max(...bars)),
    grouped(bars.at(-1) ?? 0),
  ];
}

const HEIGHT = 28;
const STEP = 4;

function sparkline(bars: readonly number[], label: string): SafeHtml {
  const most = Math.max(...bars, 1);
  const drawn = bars.map((count, place) => {
    if (count === 0) return '';
    const height = Math.max(1, Math.round((count / most) * HEIGHT));
    return html`<rect x="${place * STEP}" y="${HEIGHT - height}" width="${STEP - 1}" height="${height}"/>`;
  });
  return html`<svg class="spark" viewBox="0 0 ${bars.length * STEP} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>`;
}
