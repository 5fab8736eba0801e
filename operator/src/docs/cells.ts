/** Pure: how values are written on the generated pages. What nobody saw is a dash, never a zero. */

export function ms(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : `${value.toFixed(1)} ms`;
}

export function code(value: string | null | undefined): string {
  return value === null || value === undefined || value === '' ? '-' : `\`${value.replaceAll('`', "'")}\``;
}

export function yes(value: boolean | null): string {
  return value === null ? 'unknown' : value ? 'yes' : 'no';
}

/** Two values of one cell below each other: half as wide on a small screen. */
export function stacked(...values: (string | null | undefined)[]): string {
  return values.map((value) => value ?? '-').join('<br>');
}

/** Prose that somebody else wrote: one line, and no markup. */
export function prose(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').trim();
}

/** The time of day where it is the day that the page speaks of, else the whole instant. @param day YYYY-MM-DD */
export function clock(at: string | null | undefined, day: string): string {
  if (at === null || at === undefined) return '-';
  return at.startsWith(`${day}T`) ? at.slice(day.length + 1).replace('Z', '') : at;
}

/** The UTC day of an instant. */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** Seconds between two instants, "12.3 s"; a dash where one is missing. */
export function secondsBetween(from: string | undefined, to: string | undefined): string {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isNaN(ms) ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}

/** "1 repair", "2 repairs". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
