import type { ServedLabel } from '../audit/remedy.ts';
import type { Repaired } from './repair.ts';

/** A repair that was taken back. */
export interface Undone {
  why: string;
  /** What was put back, or why it could not be. */
  what: string[];
  complete: boolean;
}

/**
 * Ends every open repair: what was proven stays, everything else is taken back. Never throws: of several apps each gets
 * its turn.
 * @param whyNot why the repair of an app does not count; undefined where it was proven.
 */
export async function endRepairs(
  { open }: Repaired,
  whyNot: (label: ServedLabel) => string | undefined,
  onStep: (text: string) => void,
): Promise<Map<ServedLabel, Undone>> {
  const undone = new Map<ServedLabel, Undone>();
  for (const [label, { session, held }] of open) {
    const why = whyNot(label);
    if (why !== undefined) {
      onStep(`not proven (${why}): taking the repair of ${label} back`);
      const taken = await takeBack(session.undo);
      if (taken.what.length > 0) undone.set(label, { why, ...taken });
    }
    // A claim that is not given back runs out by itself.
    await held.release(why === undefined).catch(() => undefined);
  }
  open.clear();
  return undone;
}

async function takeBack(undo: () => Promise<string[]>): Promise<Omit<Undone, 'why'>> {
  try {
    return { what: await undo(), complete: true };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { what: [`could not be taken back: ${reason}`], complete: false };
  }
}
