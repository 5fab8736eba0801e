import { el, type Svg, textWidth } from '../../../load/chart/svg.ts';

/** One line of a panel, or one figure of it. */
export interface Series {
  name: string;
  /** Unix seconds and value; what is not finite is a gap. */
  points: readonly (readonly [number, number])[];
  /** Where it stands for something; undefined: by its place. */
  color?: string | undefined;
}

export interface Size {
  width: number;
  height: number;
}

export interface TimeRange {
  /** Unix seconds. */
  from: number;
  to: number;
}

/** What is not to be passed, and on which side of it is trouble. */
export interface Goal {
  at: number;
  bad: 'above' | 'below';
}

/** A panel shows up to eight applications: more colours than a chart of the evidence needs, readable on light and on dark ground. */
const COLORS = [
  ...['#3f8cff', '#e8820c', '#2ca05a', '#d6455d', '#9467bd'],
  ...['#0fa3b1', '#b89a00', '#a0755c', '#d45fb2', '#7f8794'],
];

export const colorOf = ({ color }: Series, index: number): string =>
  color ?? COLORS[index % COLORS.length] ?? 'gray';

/** The colours that the dashboards name. */
export const NAMED: Readonly<Record<string, string>> = {
  ...{ green: '#23864b', red: '#d6455d', orange: '#c46a00', blue: '#3f8cff' },
};

const FONT_PX = 11;

export const widthOf = (text: string): number => textWidth(text, FONT_PX);

/** Cut where it would be wider than `width` px. */
export function fitted(text: string, width: number): string {
  const most = Math.max(4, Math.floor(width / widthOf('n')));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Words of a picture; @param kind classes of its style */
export const words = (text: string, at: { x: number; y: number }, kind?: string): Svg =>
  el('text', { x: Math.round(at.x), y: Math.round(at.y), class: kind }, text);
