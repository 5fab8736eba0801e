import { minuteNumber } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Ledger } from './ledger.ts';

/** A8 keeps 128 characters of `x-forwarder-id`. */
const MAX_NAME = 100;
const DIGITS = 12;

/**
 * Sees to it that the folder has its forwarder id: a new folder, or one whose ledger was lost, is a new one. `name` is what
 * people recognise it by; the digits behind it tell two folders of one name apart. @throws the disk's error
 */
export async function identify(
  ledger: Ledger,
  o: { name: string; random: () => number; clock: Clock },
): Promise<void> {
  const { conservation, dropped } = ledger.data;
  const now = o.clock.now();
  if (conservation === undefined) {
    const digits = Math.floor(o.random() * 16 ** DIGITS)
      .toString(16)
      .padStart(DIGITS, '0');
    // Nothing that a header cannot carry, or A8 does not take.
    const name = o.name.replace(/[^A-Za-z0-9._:@-]/g, '_').slice(0, MAX_NAME);
    await ledger.change((data) => {
      const since = minuteNumber(now);
      const { delivered } = data.dropped;
      data.conservation = { forwarderId: `${name}:${digits}`, createdAt: now, since, delivered, minutes: [] };
    });
  } else if (conservation.delivered !== dropped.delivered) {
    // An earlier release has dropped segments and not kept their sets.
    await ledger.change((data) => {
      if (data.conservation === undefined) return;
      data.conservation.since = minuteNumber(now) + 1;
      data.conservation.delivered = dropped.delivered;
    });
  }
}
