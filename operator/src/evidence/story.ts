import type { KeptRepair, Operated, OperationsHistory, VerdictMark } from './operated.ts';

/** Repairs of the last day; older ones have done their work, and simulated rows that proved them may expire. */
const HOURS = 24;
const MOST_REPAIRS = 50;
/** What was wrong may have been told for so long before a repair began. */
const BEFORE_MS = 10 * 60_000;

export interface Story {
  broken: VerdictMark | undefined;
  healed: VerdictMark | undefined;
}

/**
 * Pure: which of the truth tables show the system before and after these repairs. Before: the one with the fewest green
 * rows since the last all green one before the first finding, of several the latest. After: the first all green one since the last that was not.
 * @param marks oldest first.
 */
export function storyOf(repairs: readonly KeptRepair[], marks: readonly VerdictMark[]): Story {
  const last = repairs.at(-1);
  if (last === undefined) return { broken: undefined, healed: undefined };
  const foundMs = firstFoundMs(repairs);
  const lastGreen = marks.findLastIndex(({ ok, receivedAt }) => ok && timeOf(receivedAt) < foundMs);
  const red = marks
    .slice(lastGreen + 1)
    .filter(({ ok, receivedAt }) => !ok && timeOf(receivedAt) <= timeOf(last.receivedAt));
  const fewest = Math.min(...red.map(({ green }) => green));
  const broken = red.findLast(({ green }) => green === fewest);
  const lastRed = marks.findLastIndex(({ ok }) => !ok);
  const healed = broken === undefined ? undefined : marks.slice(lastRed + 1).find(({ ok }) => ok);
  return { broken, healed };
}

/** Pure: since when truth tables may show what the repairs ended. */
export function storyBegins(repairs: readonly KeptRepair[]): string | undefined {
  return repairs.length === 0 ? undefined : new Date(firstFoundMs(repairs) - BEFORE_MS).toISOString();
}

/** Reads repairs of the last day and the truth tables around them. @throws Error when the database does not answer. */
export async function readStory(history: OperationsHistory): Promise<Omit<Operated, 'cluster'>> {
  const repairs = await history.repairs({ hours: HOURS, most: MOST_REPAIRS });
  const since = storyBegins(repairs);
  const marks = since === undefined ? [] : await history.marks(since);
  const { broken, healed } = storyOf(repairs, marks);
  const whole = async (mark: VerdictMark | undefined) => {
    const table = mark === undefined ? undefined : await history.verdict(mark.id);
    return mark === undefined || table === undefined ? undefined : { ...mark, table };
  };
  return { repairs, broken: await whole(broken), healed: await whole(healed) };
}

function firstFoundMs(repairs: readonly KeptRepair[]): number {
  return Math.min(...repairs.map(({ record }) => timeOf(record.steps?.found_at ?? record.at)));
}

function timeOf(at: string): number {
  return Date.parse(at);
}
