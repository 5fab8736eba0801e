import { isUnavailable } from '../db/index.ts';
import { TimeIsOver, within } from './within.ts';

/** The most that a page waits for our own database before it does without, ms. */
const PATIENCE_MS = 3_000;

/**
 * What `work` resolves with; undefined while the database is away or slow, so that a page can show what needs none.
 * What was begun may still be committed.
 * @throws whatever else `work` rejects with.
 */
export async function unlessAway<T extends object>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await within(PATIENCE_MS, work);
  } catch (error) {
    if (error instanceof TimeIsOver || isUnavailable(error)) return undefined;
    throw error;
  }
}
