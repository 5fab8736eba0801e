/** The goals of each benchmark behind `make bench`. */
export const GOAL_IDS = {
  outbox: ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G12', 'G14', 'G15', 'G16', 'G17', 'G18'],
  ingest: ['G7', 'G8', 'G9', 'G10', 'G11'],
} as const;

/**
 * Pure. The goals of one benchmark that were asked for: all of them where nothing was named, none where only those of
 * another were.
 * @param only goals by id, separated by commas, in any case
 * @throws Error for one that is nobody's
 */
export function chosen(benchmark: keyof typeof GOAL_IDS, only: string | undefined): ReadonlySet<string> {
  const asked = (only ?? '').split(',').map((id) => id.trim().toUpperCase());
  const ids = new Set(asked.filter((id) => id !== ''));
  const known: readonly string[] = Object.values(GOAL_IDS).flat();
  const unknown = [...ids].filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new Error(`ONLY=${unknown.join(',')}: known are ${known.join(', ')}`);
  const own: readonly string[] = GOAL_IDS[benchmark];
  return new Set(ids.size === 0 ? own : own.filter((id) => ids.has(id)));
}
