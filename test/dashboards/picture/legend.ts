import { el, type Svg } from '../../../load/chart/svg.ts';
import { colorOf, fitted, type Series, widthOf, words } from './shapes.ts';

const LINE_PX = 15;
const MARK_PX = 14;
const GAP_PX = 14;

interface Entry {
  text: string;
  color: string | undefined;
}

/** Names of lines under a plot, in as many rows as are allowed; what does not fit is counted. */
export function legend(
  series: readonly Series[],
  { width, maxLines }: { width: number; maxLines: number },
): { height: number; draw: (top: number) => Svg[] } {
  const entries = series.map((each, index) => ({ text: each.name, color: colorOf(each, index) }));
  const rows = fill(entries, width);
  const shown = rows.slice(0, maxLines);
  const hidden = rows.slice(maxLines).flat().length;
  if (hidden > 0) shown.at(-1)?.splice(-1, 1, { text: `and ${hidden + 1} more`, color: undefined });
  return {
    height: shown.length * LINE_PX,
    draw: (top) => shown.flatMap((row, index) => line(row, { top: top + index * LINE_PX, width })),
  };
}

const space = ({ text }: Entry): number => MARK_PX + widthOf(text) + GAP_PX;

function fill(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (used + space(entry) > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(entry);
    used += space(entry);
  }
  return rows;
}

function line(row: readonly Entry[], { top, width }: { top: number; width: number }): Svg[] {
  let x = 0;
  return row.flatMap((entry) => {
    const at = Math.round(x);
    x += space(entry);
    const name = words(fitted(entry.text, width - at - MARK_PX), { x: at + MARK_PX, y: top + 9 });
    if (entry.color === undefined) return [name];
    return [el('rect', { x: at, y: top + 4, width: 9, height: 3, fill: entry.color }), name];
  });
}
