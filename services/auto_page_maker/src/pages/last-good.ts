import { unlessAway } from '@scholar/runtime/away';
import type { Clock } from '@scholar/runtime/clock';

/**
 * What `read` resolves with; while the database is away or slow, what it resolved with last under this name.
 * @throws what `read` rejects with, where nothing is remembered or the database is not the reason.
 */
export type LastGood = <T extends object>(
  name: string,
  read: () => Promise<T | undefined>,
) => Promise<T | undefined>;

/** After a read that failed or took too long: so long nobody else waits for the database where something is remembered. */
const SPARED_MS = 5_000;

/**
 * Remembers what pages are made of, so that who looked at one can look again without a database. A page that is gone
 * from the catalogue is forgotten with it.
 * @param options.most how many names are remembered: those that were read last.
 */
export function createLastGood({ most, clock }: { most: number; clock: Pick<Clock, 'monotonic'> }): LastGood {
  const remembered = new Map<string, object>();
  let sparedUntilMs = Number.NEGATIVE_INFINITY;

  function remember(name: string, value: object | undefined): void {
    remembered.delete(name);
    if (value === undefined) return;
    remembered.set(name, value);
    const [oldest] = remembered.keys();
    if (remembered.size > most && oldest !== undefined) remembered.delete(oldest);
  }

  return async <T extends object>(name: string, read: () => Promise<T | undefined>) => {
    const known = remembered.get(name) as T | undefined;
    if (known && clock.monotonic() < sparedUntilMs) return known;
    // With nothing to show instead, whoever asks waits as long as for anything else.
    const answer = known ? await unlessAway(async () => ({ value: await read() })) : { value: await read() };
    if (!answer) {
      sparedUntilMs = clock.monotonic() + SPARED_MS;
      return known;
    }
    remember(name, answer.value);
    return answer.value;
  };
}
