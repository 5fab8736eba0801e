import type { Scale } from './scale.ts';
import { el, type Svg, textWidth } from './svg.ts';

/** Pixels of every picture; a viewer may scale it. */
export const WIDTH = 860;

/** Colours and dashes of series, in this order: told apart on light and dark, and without colours. */
const SERIES: readonly { color: string; dash: string | undefined }[] = [
  { color: '#2f7de1', dash: undefined },
  { color: '#d9822b', dash: '7 3' },
  { color: '#2a9d5c', dash: '2 3' },
  { color: '#9461d6', dash: '9 3 2 3' },
];

export const seriesLook = (index: number): { color: string; dash: string | undefined } =>
  SERIES[index % SERIES.length] ?? { color: 'gray', dash: undefined };

const STYLE =
  'text{font:12px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600;font-size:15px}.m{fill:#59636e}' +
  '.b{fill:#fff}.g{stroke:#d1d9e0}.h{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}.l{stroke:#c93434}.lt{fill:#c93434}.away{fill:#c9343422}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.m{fill:#9198a1}.b{fill:#0d1117}.g{stroke:#30363d}' +
  '.h{stroke:#0d1117}.l{stroke:#ff7b72}.lt{fill:#ff7b72}.away{fill:#ff7b7230}}';

/** The page of a picture: title, what it says in one sentence, and a ground that suits light and dark. Pure. */
export function picture(o: {
  title: string;
  /** What a reader is to see in it. */
  about: string;
  height: number;
  inside: readonly Svg[];
}): string {
  const { title, about, height, inside } = o;
  return `${
    el(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        viewBox: `0 0 ${WIDTH} ${height}`,
        width: WIDTH,
        height,
        role: 'img',
      },
      el('title', {}, title),
      el('desc', {}, about),
      el('style', {}, { markup: STYLE }),
      el('rect', { class: 'b', width: WIDTH, height }),
      text(title, { x: 16, y: 26, class: 't' }),
      text(about, { x: 16, y: 46, class: 'm' }),
      ...inside,
    ).markup
  }\n`;
}

/** Pure. */
export function text(
  content: string,
  o: { x: number; y: number; class?: string; anchor?: 'middle' | 'end' },
): Svg {
  return el('text', { x: o.x, y: o.y, class: o.class, 'text-anchor': o.anchor }, content);
}

/** Where a plot lies, pixels. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Horizontal lines with their numbers, and what the numbers are. Pure. */
export function valueAxis({ ticks, at }: Scale, plot: Plot, unit: string): Svg[] {
  return [
    text(unit, { x: plot.left - 8, y: plot.top - 12, class: 'm', anchor: 'end' }),
    ...ticks.flatMap((tick) => [
      el('path', { class: 'g', d: `M${plot.left} ${halfPixel(at(tick))}H${plot.right}` }),
      text(shown(tick), { x: plot.left - 8, y: at(tick) + 4, class: 'm', anchor: 'end' }),
    ]),
  ];
}

/** Numbers below the plot, with short lines. Pure. */
export function timeAxis({ ticks, at }: Scale, plot: Plot, unit: string): Svg[] {
  const last = ticks.at(-1);
  return ticks.flatMap((tick) => [
    el('path', { class: 'g', d: `M${halfPixel(at(tick))} ${plot.bottom}v5` }),
    text(tick === last ? `${shown(tick)} ${unit}` : shown(tick), {
      ...{ x: at(tick), y: plot.bottom + 19, class: 'm', anchor: 'middle' },
    }),
  ]);
}

/** A line sample and a name for each, from left to right. Pure. */
export function legend(names: readonly string[], y: number): Svg[] {
  let x = 16;
  return names.flatMap((name, index) => {
    const { color, dash } = seriesLook(index);
    const start = x;
    x += 30 + textWidth(name) + 22;
    return [
      el('path', { d: `M${start} ${y - 4}h24`, stroke: color, 'stroke-width': 2, 'stroke-dasharray': dash }),
      text(name, { x: start + 30, y }),
    ];
  });
}

/** 12000 is 12,000, and 0.5 is 0.5. */
export const shown = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** A line of one pixel is sharp in the middle of one. */
export const halfPixel = (value: number): number => Math.floor(value) + 0.5;
