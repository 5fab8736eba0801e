import { type Point, pathOf } from '../../../load/chart/line-chart.ts';
import { linearScale, niceStep } from '../../../load/chart/scale.ts';
import { el, type Svg } from '../../../load/chart/svg.ts';
import { formatValue } from './format-value.ts';
import { legend } from './legend.ts';
import { scaleUnit } from './scale-unit.ts';
import { colorOf, type Series, type Size, type TimeRange, widthOf, words } from './shapes.ts';

export interface Plot {
  series: readonly Series[];
  unit: string;
  range: TimeRange;
  goal: number | undefined;
  /** Of the scale; undefined: of the values. */
  max: number | undefined;
}

interface Place {
  left: number;
  width: number;
  base: number;
  /** The highest value of the scale. */
  top: number;
  at: (value: number) => number;
}

const AXIS_PX = 18;
const TOP_PX = 6;

/** Lines over time with axes, the goal where it is in sight, and a legend; its own origin is the top left. Pure. */
export function plot({ series, unit, range, goal, max }: Plot, { width, height }: Size): Svg[] {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const highest = (max ?? values.reduce((a, b) => Math.max(a, b), 0)) || 1;
  const size = scaleUnit(highest, unit);
  const step = niceStep(highest / size / Math.max(2, Math.floor(height / 55)));
  const steps = Math.ceil(highest / size / step - 1e-9);
  const labels = Array.from({ length: steps + 1 }, (_, index) => formatValue(index * step * size, unit));
  const left = Math.round(8 + Math.max(...labels.map(widthOf)));
  const names = legend(series, { width: width - left, maxLines: 3 });
  const base = height - AXIS_PX - names.height - 4;
  const up = linearScale({ low: 0, high: steps * step, from: base, to: TOP_PX }, steps);
  const across = linearScale({ low: range.from, high: range.to, from: left, to: width }, (width - left) / 95);
  const place: Place = {
    left,
    width,
    base,
    top: steps * step * size,
    at: (value: number) => up.at(value / size),
  };
  return [
    ...labels.flatMap((label, index) => gridLine(label, index * step * size, place)),
    ...across.ticks
      .filter((time) => across.at(time) > left + 24 && across.at(time) < width - 26)
      .map((time) => words(clockTime(time), { x: across.at(time), y: base + 14 }, 'm')),
    ...series.flatMap((each, index) =>
      stretches(each.points).map((stretch) => {
        const places = stretch.map(([time, value]): Point => [Math.round(across.at(time)), place.at(value)]);
        // A single point is a short dash: it would not be seen otherwise.
        const d = `${pathOf(places, false)}${places.length === 1 ? 'h2' : ''}`;
        return el('path', { class: 'l', stroke: colorOf(each, index), d });
      }),
    ),
    ...goalLine(goal, place, unit),
    el('g', { transform: `translate(${left} 0)` }, ...names.draw(base + AXIS_PX + 4)),
  ];
}

function gridLine(label: string, value: number, { left, width, at }: Place): Svg[] {
  return [
    el('path', { class: 'g', d: `M${left} ${Math.round(at(value))}H${width}` }),
    words(label, { x: left - 6, y: at(value) + 4 }, 'e'),
  ];
}

function goalLine(goal: number | undefined, { left, width, at, top }: Place, unit: string): Svg[] {
  if (goal === undefined) return [];
  const text = `bound ${formatValue(goal, unit)}`;
  if (goal > top) return [words(`${text}, above this scale`, { x: width - 2, y: TOP_PX + 12 }, 'b e')];
  const y = Math.round(at(goal));
  return [
    el('path', { class: 'n', d: `M${left} ${y}H${width}` }),
    words(text, { x: width - 2, y: y < 20 ? y + 13 : y - 4 }, 'b e'),
  ];
}

/** Cut where there is no value. */
function stretches(points: Series['points']): Series['points'][] {
  const found: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point[1])) found.at(-1)?.push(point);
    else found.push([]);
  }
  return found.filter(({ length }) => length > 0);
}

/** UTC. */
const clockTime = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19);
