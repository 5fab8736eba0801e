import { html, type SafeHtml } from '@scholar/runtime/http';

/** An instant in UTC; a script adds the reader's own time to the title. `clock` leaves the day out. */
export function utcTime(
  at: Date | string | null | undefined,
  form: 'full' | 'clock' = 'full',
): SafeHtml | string {
  if (at === null || at === undefined) return '–';
  const iso = new Date(at).toISOString();
  const text = form === 'clock' ? iso.slice(11, 23) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
  return html`<time datetime="${iso}" title="${iso}">${text}</time>`;
}

/** How long ago, or how long: "12 s", "3 min", "2.1 h", "4 days". Seconds. */
export function span(seconds: number): string {
  const past = Math.max(0, seconds);
  if (past < 120) return `${Math.round(past)} s`;
  if (past < 2 * 3_600) return `${Math.round(past / 60)} min`;
  if (past < 2 * 86_400) return `${(past / 3_600).toFixed(1)} h`;
  return `${Math.round(past / 86_400)} days`;
}

const GROUPED = new Intl.NumberFormat('en-US');

/** A number of things, with its thousands set apart. */
export function grouped(count: number): string {
  return GROUPED.format(count);
}
