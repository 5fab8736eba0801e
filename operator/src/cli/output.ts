import Table from 'cli-table3';

/** Where a verb writes: results on `out`, progress and errors on `err`. */
export interface Screen {
  out: (text: string) => void;
  err: (text: string) => void;
  /** True when a person watches: a terminal, and neither NO_COLOR nor a pipe. */
  color: boolean;
  /** True when progress may be shown: stderr is a terminal. */
  progress: boolean;
}

export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'bold';

const CODES: Record<Tone, string> = { good: '32', bad: '31', warn: '33', dim: '2', bold: '1' };

export function paint(screen: Pick<Screen, 'color'>, tone: Tone, text: string): string {
  return screen.color ? `\u001B[${CODES[tone]}m${text}\u001B[0m` : text;
}

/** @returns a table for people, without colour codes of its own so that it pastes well. */
export function table(head: string[], rows: string[][]): string {
  const made = new Table({ head, style: { head: [], border: [], compact: true }, wordWrap: false });
  made.push(...rows);
  return made.toString();
}

export function printJson(screen: Screen, value: unknown): void {
  screen.out(JSON.stringify(value, null, 2));
}

/** @returns "12 s", "5 min", "3 h", "2 d" since an ISO time. */
export function age(iso: string | null, nowMs: number): string {
  if (iso === null) return '-';
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
