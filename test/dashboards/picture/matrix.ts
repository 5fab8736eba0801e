import { el, type Svg } from '../../../load/chart/svg.ts';
import { formatValue } from './format-value.ts';
import { fitted, type Size, widthOf, words } from './shapes.ts';

export interface Matrix {
  samples: readonly { labels: Readonly<Record<string, string>>; value: number }[];
  /** Labels. */
  rows: string;
  columns: string;
  unit: string;
}

const ROW_PX = 24;

/** A table by two labels. Pure. */
export function matrix({ samples, rows, columns, unit }: Matrix, { width, height }: Size): Svg[] {
  const valuesOf = (label: string) => [...new Set(samples.map(({ labels }) => labels[label] ?? ''))];
  const [lines, heads] = [valuesOf(rows).sort(), valuesOf(columns)];
  const first = Math.min(width * 0.28, 12 + Math.max(...lines.map(widthOf)));
  const each = (width - first) / Math.max(1, heads.length);
  const step = Math.min(ROW_PX, (height - 8) / (lines.length + 1));
  const right = (index: number) => first + each * (index + 1) - 6;
  const valueAt = (line: string, column: string): number | undefined =>
    samples.find(({ labels }) => labels[rows] === line && labels[columns] === column)?.value;
  return [
    words(rows, { x: 0, y: 14 }, 'h'),
    ...heads.map((name, index) => words(fitted(name, each - 4), { x: right(index), y: 14 }, 'e h')),
    ...lines.flatMap((line, index) => {
      const y = 14 + step * (index + 1);
      return [
        el('path', { class: 'g', d: `M0 ${Math.round(y - step * 0.68)}H${Math.round(width)}` }),
        words(fitted(line, first), { x: 0, y }),
        ...heads.flatMap((column, at) => {
          const value = valueAt(line, column);
          return value === undefined ? [] : [words(formatValue(value, unit), { x: right(at), y }, 'e')];
        }),
      ];
    }),
  ];
}
