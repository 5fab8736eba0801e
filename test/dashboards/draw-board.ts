import type { BoardJson, PanelJson } from '../../charts/dashboards/read-boards.ts';
import type { Svg } from '../../load/chart/svg.ts';
import { type Asked, named, type Window } from './ask-panel.ts';
import { figures } from './picture/figures.ts';
import { matrix } from './picture/matrix.ts';
import { type Placed, picture } from './picture/picture.ts';
import { plot } from './picture/plot.ts';
import { type Goal, NAMED, type Series, type Size, words } from './picture/shapes.ts';

/** The picture of a dashboard, of what its expressions returned. */
export function drawBoard(
  board: BoardJson,
  asked: readonly Asked[],
  o: { window: Window; note: string },
): string {
  const panels = board.panels.map((panel): Placed => {
    const found = asked.find((each) => each.panel === panel);
    return {
      title: panel.title ?? '',
      grid: panel.gridPos,
      draw: found === undefined ? undefined : drawing(found, o.window),
    };
  });
  return picture(board.title, o.note, panels);
}

function drawing({ panel, targets }: Asked, range: Window): (size: Size) => Svg[] {
  const defaults = panel.fieldConfig?.defaults ?? {};
  const { unit = 'none', max } = defaults;
  if (targets.every(({ series }) => series.length === 0)) return nothing;
  const transformation = panel.transformations?.[0]?.options;
  if (transformation !== undefined) {
    const samples = targets.flatMap(({ series }) =>
      series.map(({ labels, points }) => ({ labels, value: points.at(-1)?.[1] ?? Number.NaN })),
    );
    const { rowField: rows = '', columnField: columns = '' } = transformation;
    return (size) => matrix({ samples, rows, columns, unit }, size);
  }
  const series: Series[] = targets.flatMap(({ legend, series: found }) =>
    found
      .map(({ labels, points }) => {
        const name = named(legend, labels);
        return { name, points, color: NAMED[fixedColorOf(panel, name) ?? ''] };
      })
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  const goal = goalOf(panel);
  if (panel.type === 'stat')
    return (size) => figures({ series, unit, words: defaults.mappings?.[0]?.options, goal }, size);
  return (size) => plot({ series, unit, range, goal: goal?.at, max }, size);
}

const nothing = ({ width, height }: Size): Svg[] => [
  words('No data here: what tells it runs in a cluster only.', { x: width / 2, y: height / 2 }, 'm'),
];

function goalOf(panel: PanelJson): Goal | undefined {
  const [, step] = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  if (step?.value == null) return undefined;
  return { at: step.value, bad: step.color === 'red' ? 'above' : 'below' };
}

function fixedColorOf({ fieldConfig }: PanelJson, name: string): string | undefined {
  const found = fieldConfig?.overrides?.find(({ matcher }) => matcher.options === name);
  return found?.properties.find(({ id }) => id === 'color')?.value.fixedColor;
}
