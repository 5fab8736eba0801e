import { halfPixel, type Plot, picture, seriesLook, shown, text, timeAxis, WIDTH } from './frame.ts';
import { linearScale, logScale } from './scale.ts';
import { el, type Svg, textWidth } from './svg.ts';

export interface BarChart {
  title: string;
  about: string;
  unit: string;
  log?: boolean;
  groups: readonly { name: string; bars: readonly { name: string; value: number }[] }[];
  /** A value that is not to be passed. */
  limit?: { value: number; name: string };
}

const BAR = 18;
const GAP = 16;
const TOP = 84;

/** Values side by side, from the left, each with its number, as SVG. Pure. */
export function barChart({ title, about, unit, log = false, groups, limit }: BarChart): string {
  const bars = groups.flatMap((group) => group.bars);
  const names = [...bars.map(({ name }) => name), ...groups.map(({ name }) => name)];
  const left = 28 + Math.max(0, ...names.map((name) => textWidth(name)));
  const height = TOP + bars.length * BAR + groups.length * (GAP + BAR) + 32;
  const plot: Plot = { left, right: WIDTH - 90, top: TOP, bottom: height - 32 };
  const values = [...bars.map(({ value }) => value), limit?.value ?? 0].filter((value) => value > 0);
  const most = Math.max(1, ...values);
  const range = { from: plot.left, to: plot.right };
  const scale = log
    ? logScale({ low: 10 ** Math.floor(Math.log10(Math.min(most, ...values))), high: most * 1.2, ...range })
    : linearScale({ low: 0, high: most * 1.1, ...range }, 8);
  // Above the line of the limit, which may pass where a number stands.
  const numbers: Svg[] = [];
  let y = TOP;
  const drawn = groups.flatMap((group) => {
    y += BAR;
    const head = text(group.name, { x: 16, y: y - 4, class: 't' });
    const rows = group.bars.flatMap(({ name, value }, index) => {
      const end = scale.at(value);
      numbers.push(
        text(`${shown(Number(value.toPrecision(3)))} ${unit}`, { x: end + 6, y: y + 13, class: 'h' }),
      );
      const top = y;
      y += BAR;
      return [
        text(name, { x: 16, y: top + 13 }),
        el('rect', {
          ...{ x: left, y: top + 2, width: Math.max(1, end - left), height: BAR - 4 },
          fill: seriesLook(index).color,
        }),
      ];
    });
    y += GAP;
    return [head, ...rows];
  });
  const bound = limit === undefined ? [] : limitOf(limit, scale.at(limit.value), plot);
  return picture({
    title,
    about,
    height,
    inside: [...timeAxis(scale, plot, unit), ...drawn, ...bound, ...numbers],
  });
}

function limitOf({ name }: { name: string }, x: number, plot: Plot) {
  return [
    el('path', { class: 'l', d: `M${halfPixel(x)} ${plot.top - 4}V${plot.bottom}`, 'stroke-width': 1.5 }),
    text(name, { x, y: plot.top - 10, class: 'lt', anchor: 'middle' }),
  ];
}
