import { el, type Svg } from '../../../load/chart/svg.ts';
import { fitted, type Size, words } from './shapes.ts';

/** A panel where Grafana's grid of 24 columns has it. */
export interface Placed {
  title: string;
  grid: { x: number; y: number; w: number; h: number };
  /** Draws what is inside of its frame, at its own origin; undefined: the heading of a row. */
  draw: ((size: Size) => Svg[]) | undefined;
}

const COLUMN_PX = 48;
const ROW_PX = 34;
const HEAD_PX = 44;
const PADDING = 10;
const TITLE_PX = 24;

const STYLE =
  'text{font:11px system-ui,sans-serif;fill:#59636e}.t,.T,.R{font-weight:600;fill:#1f2328}.T{font-size:17px}.R{font-size:13px}' +
  '.h,.f{font-weight:600}.e{text-anchor:end}.m,.f{text-anchor:middle}.p{fill:#fff;stroke:#d1d9e0}.w{fill:#f3f5f7}' +
  '.g{stroke:#8885;fill:none}.l{fill:none;stroke-width:1.5;stroke-linejoin:round}.n{stroke:#c93434;stroke-dasharray:5 4}.b{fill:#c93434}' +
  '@media(prefers-color-scheme:dark){text{fill:#9198a1}.t,.T,.R{fill:#e6edf3}.p{fill:#161b22;stroke:#30363d}.w{fill:#0d1117}' +
  '.n{stroke:#ff7b72}.b{fill:#ff7b72}}';

/** A whole dashboard, for light and for dark pages. @param note when it was, and of what. Pure. */
export function picture(title: string, note: string, panels: readonly Placed[]): string {
  const width = 24 * COLUMN_PX + 2 * PADDING;
  const height = HEAD_PX + Math.max(...panels.map(({ grid }) => grid.y + grid.h)) * ROW_PX + PADDING;
  const attributes = { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' };
  const { markup } = el(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...attributes },
    el('title', {}, title),
    el('desc', {}, note),
    el('style', {}, { markup: STYLE }),
    el('rect', { class: 'w', width, height }),
    words(title, { x: PADDING, y: 27 }, 'T'),
    words(note, { x: width - PADDING, y: 26 }, 'e'),
    ...panels.map(frame),
  );
  return `${markup}\n`;
}

function frame({ title, grid, draw }: Placed): Svg {
  const at = { x: PADDING + grid.x * COLUMN_PX, y: HEAD_PX + grid.y * ROW_PX };
  if (draw === undefined) return words(title, { x: at.x, y: at.y + 22 }, 'R');
  const box = { width: grid.w * COLUMN_PX - 6, height: grid.h * ROW_PX - 6 };
  const inner = { width: box.width - 2 * PADDING, height: box.height - TITLE_PX - PADDING };
  return el(
    'g',
    { transform: `translate(${at.x} ${at.y})` },
    el('rect', { class: 'p', ...box, rx: 4 }),
    words(fitted(title, inner.width), { x: PADDING, y: 17 }, 't'),
    el('g', { transform: `translate(${PADDING} ${TITLE_PX})` }, ...draw(inner)),
  );
}
