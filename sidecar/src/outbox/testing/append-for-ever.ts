/** The process that kill.test.ts kills: appends under load, prints each id once its append has resolved. */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { systemClock } from '@scholar/runtime/clock';
import { openOutbox } from '../open.ts';

const IN_FLIGHT = 32;

const outbox = await openOutbox({ dir: process.argv[2] ?? '', clock: systemClock, segmentBytes: 64 * 1024 });
const worker = async (): Promise<void> => {
  for (;;) {
    const eventId = randomUUID();
    const body = Buffer.from(JSON.stringify({ eventId, pad: 'x'.repeat(Math.floor(Math.random() * 900)) }));
    await outbox.append({ eventId, headers: { 'content-type': 'application/json' }, body });
    // Straight into the pipe: what the kernel has taken survives our death.
    writeSync(1, `${eventId}\n`);
    for (const event of outbox.takeNew(4)) {
      if (Math.random() < 0.3) outbox.release([event.eventId]);
    }
  }
};
await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
