import type { Clock } from '@scholar/runtime/clock';
import type { DeliveryNote, NewEvent, Outbox, OutboxOptions, QueuedEvent } from '../api.ts';
import { openOutbox } from '../open.ts';
import { SimulatedDisk } from './simulated-disk.ts';

export const DIR = '/outbox';

/** A clock whose sleeps take a few turns of the event loop, however long they are. */
export class QuickClock implements Clock {
  time = Date.UTC(2026, 10, 24);

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    for (let i = 0; i < 5 && signal?.aborted !== true; i += 1)
      await new Promise((resolve) => setImmediate(resolve));
    this.time += ms;
  }
}

/** An outbox on a simulated disk that can be crashed and opened again. */
export class OutboxBench {
  readonly clock = new QuickClock();
  disk: SimulatedDisk;
  #opened = 0;

  constructor(disk = new SimulatedDisk()) {
    this.disk = disk;
  }

  open(options: Partial<OutboxOptions> = {}): Promise<Outbox> {
    this.#opened += 1;
    const owner = { pid: this.#opened, startedAt: 'simulated', boot: 'simulated' };
    return openOutbox({
      dir: DIR,
      disk: this.disk.attach(),
      clock: this.clock,
      owner,
      // Only the last one opened can be alive: the others were crashed or closed.
      isAlive: () => false,
      ...options,
    });
  }
}

/** The n-th id of a test; the first bytes tell tests apart when they are read in a dump. */
export const idOf = (n: number): string =>
  `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${(n * 0x9e3779b1).toString(16).padStart(12, '0').slice(-12)}`;

export function eventOf(n: number, body = `{"n":${n}}`): NewEvent {
  const eventId = idOf(n);
  const headers = {
    'content-type': 'application/json',
    'x-app-label': 'scholar_auth',
    'x-event-id': eventId,
  };
  return { eventId, headers, body: Buffer.from(body) };
}

export const noteOf = (deliveredAt: number): DeliveryNote => ({
  requestId: 'req-1',
  receivedAt: '2026-11-24T00:00:00.000Z',
  duplicate: false,
  deliveredAt,
  writeMs: 4,
  retries: 0,
});

/** Everything that is queued, oldest first, left as it was. */
export async function queuedEvents(outbox: Outbox): Promise<QueuedEvent[]> {
  const events = [...outbox.takeNew(1_000_000), ...(await outbox.takeBacklog(1_000_000))];
  outbox.release(events.map((event) => event.eventId));
  return events.sort((a, b) => a.sequence - b.sequence);
}

export const queuedBodies = async (outbox: Outbox): Promise<string[]> =>
  (await queuedEvents(outbox)).map((event) => event.body.toString());
