import type { ShownTable } from '../gather/shown-table.ts';
import { paint, type Screen, type Tone, table } from './output.ts';

const TONES: Record<ShownTable['table'][number]['verdict'], Tone> = {
  green: 'good',
  red: 'bad',
  unknown: 'warn',
};

/** @returns one line: how many rows are green, and when whoever looks was last heard of. */
export function shownTableLine(shown: ShownTable | undefined, screen: Pick<Screen, 'color'>): string {
  if (shown === undefined) return paint(screen, 'bad', 'truth table: A8 could not be asked');
  const { heartbeat_age_s: heard, period_s: period } = shown;
  const count = (of: string) => shown.table.filter(({ verdict }) => verdict === of).length;
  const parts = (['green', 'red', 'unknown'] as const)
    .map((verdict) => ({ verdict, rows: count(verdict) }))
    .filter(({ rows }) => rows > 0)
    .map(({ verdict, rows }) => paint(screen, TONES[verdict], `${rows} ${verdict}`));
  const watched =
    heard === null
      ? 'nobody looks after it'
      : `whoever looks after it was heard of ${Math.round(heard)} s ago and wants to be each ${Math.round(period)} s`;
  return `truth table: ${parts.join(', ')}; ${watched}`;
}

/** @returns the rows with why each is not green, and the line above. */
export function shownTableText(shown: ShownTable, screen: Pick<Screen, 'color'>): string {
  const rows = shown.table.map(({ app, label, verdict, reasons }) => [
    app,
    label,
    paint(screen, TONES[verdict], verdict),
    verdict === 'green' ? '' : reasons.join(' '),
  ]);
  return `${table(['', 'service', 'verdict', 'why'], rows)}\n${shownTableLine(shown, screen)}`;
}
