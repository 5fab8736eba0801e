import type { Outbox } from '../../api.ts';
import type { Eraser } from '../../erase-api.ts';
import type { Entry } from './entry.ts';

/** In the model every event has an actor of its own: its number. */
function eraserOf(number: string): Eraser {
  const named = `{"n":${number},`;
  return {
    mayConcern: (bytes) => bytes.includes(named),
    concerns: (body) => body.includes(named),
    erased: () => Buffer.from(`{"e":${number}}`),
  };
}

/**
 * Erases one event. Once that has worked its bytes must never be seen again, whatever crashes; where it failed, or is cut short,
 * either are right. @param run false when the disk failed
 * @throws Error when the content is still there
 */
export async function eraseEvent(
  outbox: Outbox,
  { id, entry, run }: { id: string; entry: Entry; run: (step: Promise<unknown>) => Promise<boolean> },
): Promise<void> {
  const content = entry.body;
  const number = /^\{"n":(\d+),/.exec(content)?.[1];
  if (number === undefined) return;
  const eraser = eraserOf(number);
  entry.otherBodies.add(eraser.erased(Buffer.from(content)).toString().padEnd(content.length));
  const { renewals } = entry;
  const worked = await run(outbox.erase(eraser, { dryRun: false }));
  // A fault comes once: then the disk can be read.
  const stored = await outbox.read(id).catch(() => outbox.read(id));
  if (stored === undefined) return;
  const body = stored.body.toString();
  entry.otherBodies.add(content);
  entry.body = body;
  // What was accepted meanwhile is not looked for.
  if (!worked || entry.renewals !== renewals || entry.underway.includes('queued')) return;
  if (body === content) throw new Error(`${id} was erased and still has its content`);
  entry.otherBodies.delete(content);
}
