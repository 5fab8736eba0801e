import { type Plot, picture, text, timeAxis, WIDTH } from './frame.ts';
import { linearScale } from './scale.ts';
import { el, type Svg, textWidth } from './svg.ts';

export type Tone = 'good' | 'bad' | 'changing' | 'plain';

export interface LaneChart {
  title: string;
  about: string;
  x: { unit: string; low: number; high: number };
  /** From top to bottom; spans of a lane by rising x. */
  lanes: readonly {
    name: string;
    /** `short` stands where the name does not fit. */
    spans: readonly { from: number; to: number; tone: Tone; name: string; short?: string }[];
  }[];
}

const LANE = 26;
const TOP = 66;
const GROUNDS: Readonly<Record<Tone, string>> = {
  good: '#1a7f37',
  bad: '#c93434',
  changing: '#9a6700',
  plain: '#57606a',
};

/** What was so from when to when, a lane for each thing, as SVG. What does not fit its span stands in its tooltip alone. Pure. */
export function laneChart({ title, about, x, lanes }: LaneChart): string {
  const left = 28 + Math.max(0, ...lanes.map(({ name }) => textWidth(name)));
  const height = TOP + lanes.length * LANE + 32;
  const plot: Plot = { left, right: WIDTH - 24, top: TOP, bottom: height - 28 };
  const across = linearScale({ low: x.low, high: x.high, from: plot.left, to: plot.right }, 10);
  const drawn = lanes.flatMap(({ name, spans }, index): Svg[] => {
    const y = TOP + index * LANE;
    return [
      text(name, { x: 16, y: y + 16 }),
      ...spans.map((span) => {
        const from = across.at(span.from);
        const width = Math.max(1.5, across.at(span.to) - from);
        const shown = [span.name, span.short ?? ''].find((text) => textWidth(text) + 10 < width) ?? '';
        const place = { x: from, y: y + 2, width, height: LANE - 6, rx: 2, fill: GROUNDS[span.tone] };
        return el(
          'g',
          {},
          el('rect', place, el('title', {}, `${name}: ${span.name}`)),
          ...(shown === ''
            ? []
            : [el('text', { x: from + 6, y: y + 16, style: 'fill:#fff;pointer-events:none' }, shown)]),
        );
      }),
    ];
  });
  return picture({ title, about, height, inside: [...timeAxis(across, plot, x.unit), ...drawn] });
}
