import {
  halfPixel,
  legend,
  type Plot,
  picture,
  seriesLook,
  text,
  timeAxis,
  valueAxis,
  WIDTH,
} from './frame.ts';
import { linearScale, logScale, niceStep, type Scale } from './scale.ts';
import { el, round, type Svg } from './svg.ts';

export type Point = readonly [x: number, y: number];

export interface LineChart {
  title: string;
  /** What a reader is to see in it. */
  about: string;
  x: { unit: string; low: number; high: number };
  y: { unit: string; log?: boolean };
  /** Points by rising x. `step`: a value stays until the next one. */
  series: readonly { name: string; points: readonly Point[]; step?: boolean }[];
  /** Values that are not to be passed. */
  limits?: readonly { y: number; name: string }[];
  /** Times in which something was so. */
  bands?: readonly { from: number; to: number; name: string }[];
}

const HEIGHT = 340;
const PLOT: Plot = { left: 62, right: WIDTH - 20, top: 98, bottom: HEIGHT - 32 };

/** Values over time, as SVG. Pure: the same data make the same picture. */
export function lineChart({ title, about, x, y, series, limits = [], bands = [] }: LineChart): string {
  const across = linearScale({ low: x.low, high: x.high, from: PLOT.left, to: PLOT.right }, 10);
  const up = heightScale(
    [...series.flatMap(({ points }) => points.map(([, value]) => value)), ...limits.map((limit) => limit.y)],
    y.log === true,
  );
  return picture({
    ...{ title, about, height: HEIGHT },
    inside: [
      ...legend(
        series.map(({ name }) => name),
        72,
      ),
      ...bands.flatMap((band) => bandOf(band, across)),
      ...valueAxis(up, PLOT, y.unit),
      ...timeAxis(across, PLOT, x.unit),
      ...limits.map(({ y: value }) => limitLine(up.at(value))),
      ...series.map(({ points, step }, index) => {
        const { color, dash } = seriesLook(index);
        const d = pathOf(
          points.map(([px, py]): Point => [across.at(px), up.at(py)]),
          step === true,
        );
        return el('path', { d, fill: 'none', stroke: color, 'stroke-width': 2, 'stroke-dasharray': dash });
      }),
      // Above the lines, which may pass there.
      ...limits.map(({ y: value, name }) =>
        text(name, { x: PLOT.right - 4, y: up.at(value) - 6, class: 'lt h', anchor: 'end' }),
      ),
    ],
  });
}

function heightScale(values: readonly number[], log: boolean): Scale {
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  const pixels = { from: PLOT.bottom, to: PLOT.top };
  if (!log) {
    const step = niceStep((most || 1) / 5);
    return linearScale({ low: 0, high: Math.ceil((most || 1) / step) * step, ...pixels }, 6);
  }
  const least = values.reduce(
    (low, value) => (value > 0 ? Math.min(low, value) : low),
    Number.POSITIVE_INFINITY,
  );
  const low = 10 ** Math.floor(Math.log10(Number.isFinite(least) ? least : 1));
  return logScale({ low, high: (most || 1) * 1.2, ...pixels });
}

function bandOf({ from, to, name }: { from: number; to: number; name: string }, across: Scale): Svg[] {
  const left = across.at(from);
  return [
    el('rect', {
      ...{ class: 'away', x: left, y: PLOT.top, width: across.at(to) - left, height: PLOT.bottom - PLOT.top },
    }),
    text(name, { x: left + 6, y: PLOT.top + 16, class: 'lt' }),
  ];
}

const limitLine = (y: number): Svg =>
  el('path', { class: 'l', d: `M${PLOT.left} ${halfPixel(y)}H${PLOT.right}`, 'stroke-width': 1.5 });

/** Of a level stretch only its ends: it looks the same and is a tenth of the text. Pure. */
export function pathOf(points: readonly Point[], step: boolean): string {
  const places = points.map(([x, y]): Point => [round(x), round(y)]);
  const bent = places.filter(
    ([, y], index) =>
      index === 0 ||
      index === places.length - 1 ||
      y !== places[index - 1]?.[1] ||
      y !== places[index + 1]?.[1],
  );
  const [first, ...rest] = bent;
  if (first === undefined) return '';
  return `M${first[0]} ${first[1]}${rest.map(([x, y]) => (step ? `H${x}V${y}` : `L${x} ${y}`)).join('')}`;
}
