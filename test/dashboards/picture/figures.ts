import { el, type Svg } from '../../../load/chart/svg.ts';
import { formatValue } from './format-value.ts';
import { fitted, type Goal, NAMED, type Series, type Size } from './shapes.ts';

export interface Figures {
  series: readonly Series[];
  unit: string;
  /** By value: a word and its colour. */
  words: Readonly<Record<string, { text: string; color: string }>> | undefined;
  goal: Goal | undefined;
}

const MOST_PX = 26;

/** A large figure for each series, side by side. Pure. */
export function figures({ series, unit, words, goal }: Figures, { width, height }: Size): Svg[] {
  const each = width / Math.max(1, series.length);
  return series.flatMap(({ name, points }, index) => {
    const value = points.at(-1)?.[1] ?? Number.NaN;
    const word = words?.[String(value)];
    const shown = word?.text ?? formatValue(value, unit);
    const color = NAMED[word?.color ?? toneOf(value, goal)] ?? 'gray';
    const ink = word === undefined ? color : '#fff';
    const middle = Math.round(each * (index + 0.5));
    const hasName = series.length > 1;
    const size = Math.round(Math.min(MOST_PX, (each - 12) / (shown.length * 0.62)));
    const ground = {
      x: Math.round(each * index + 3),
      y: 2,
      width: Math.round(each - 6),
      height: height - 4,
      rx: 4,
    };
    const at = { x: middle, y: Math.round(height / 2 + (hasName ? 2 : 9)) };
    return [
      ...(word === undefined ? [] : [el('rect', { ...ground, fill: color })]),
      el('text', { class: 'f', ...at, style: `font-size:${size}px;fill:${ink}` }, shown),
      ...(hasName
        ? [
            el(
              'text',
              { class: 'm', x: middle, y: Math.round(height / 2 + 24), style: word && 'fill:#fff' },
              fitted(name, each - 8),
            ),
          ]
        : []),
    ];
  });
}

function toneOf(value: number, goal: Goal | undefined): string {
  if (goal === undefined) return 'blue';
  return value >= goal.at === (goal.bad === 'above') ? 'red' : 'green';
}
