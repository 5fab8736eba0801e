import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedBoards, shownPanels } from '../../charts/dashboards/read-boards.ts';
import { LocalSystem, repositoryRoot } from '../harness/local-system.ts';
import { type Asked, askPanel, type Window, withoutData } from './ask-panel.ts';
import { drawBoard } from './draw-board.ts';
import { isElsewhere } from './elsewhere.ts';
import { startOperator } from './operator-beside.ts';
import { play, SCRAPE_S, scrapeToo } from './play.ts';
import { askPrometheus } from './prometheus.ts';

/**
 * `make dashboards-check`: a real system with a real Prometheus, events, payments, refusals, load and an outage; then every expression
 * of every dashboard is asked of that Prometheus. Exits 1 when one returns no data that this system must have, else draws what they
 * returned into docs/dashboards. Where KUBEBUILDER_ASSETS is set an operator runs beside it. Grafana itself is not run.
 */
const PICTURES = join(repositoryRoot, 'docs', 'dashboards');
/** Grafana takes four scrapes. */
const RATE_INTERVAL_S = 4 * SCRAPE_S;

const hasOperator = (process.env['KUBEBUILDER_ASSETS'] ?? '') !== '';
const system = await LocalSystem.start('--with-monitoring');
const operator = hasOperator ? await startOperator() : undefined;
try {
  process.exitCode = (await check()) ? 0 : 1;
} finally {
  await operator?.stop();
  await system.stop();
}

async function check(): Promise<boolean> {
  const { prometheus: address } = await system.status();
  if (address === null) throw new Error('the system runs without its Prometheus');
  if (operator !== undefined) scrapeToo(system, { name: 'operator', port: operator.port });
  say(
    `the system runs${hasOperator ? ', and an operator beside it' : ', without an operator (KUBEBUILDER_ASSETS)'}`,
  );
  const from = now();
  say(await play(system));
  const window: Window = { from, to: now(), stepS: SCRAPE_S };
  const { empty, asked } = await askAll(address, window);
  for (const each of empty) console.error(`no data: ${each}`);
  say(`${asked} expressions, ${empty.length} without data that this system has to have`);
  return empty.length === 0;
}

async function askAll(address: string, window: Window): Promise<{ asked: number; empty: string[] }> {
  const prometheus = askPrometheus(address);
  const values = { namespace: '.*', app: '.*' };
  const filling = { rateIntervalS: RATE_INTERVAL_S, rangeS: window.to - window.from, values };
  const note = `asked of a real Prometheus, ${new Date(window.to * 1_000).toISOString().slice(0, 16)}Z; drawn by us, not by Grafana`;
  mkdirSync(PICTURES, { recursive: true });
  const empty: string[] = [];
  let asked = 0;
  for (const { name, board } of committedBoards()) {
    const panels: Asked[] = [];
    for (const panel of shownPanels(board))
      panels.push(await askPanel(prometheus, panel, { window, filling }));
    const without = panels.flatMap((each) =>
      withoutData(each).map((expr) => ({ title: each.panel.title, expr })),
    );
    const unexpected = without.filter(({ expr }) => !isElsewhere(expr, { hasOperator }));
    empty.push(...unexpected.map(({ title, expr }) => `${board.title}: ${title}: ${expr}`));
    asked += panels.flatMap(({ targets }) => targets).length;
    const svg = drawBoard(board, panels, { window, note });
    writeFileSync(join(PICTURES, `${name}.svg`), svg);
    say(
      `${name}: ${panels.length} panels, ${Math.ceil(svg.length / 1_024)} kB; ${without.length - unexpected.length} expressions are of a cluster`,
    );
  }
  return { asked, empty };
}

/** Unix seconds. */
function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function say(text: string): void {
  console.log(`dashboards-check: ${text}`);
}
