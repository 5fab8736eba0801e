import type { QueuedEvent } from '../outbox/index.ts';
import { type Item, Lanes } from './lanes.ts';

function event(eventId: string): QueuedEvent {
  return { eventId, headers: {}, body: Buffer.alloc(0), acceptedAt: 0, sequence: 0 };
}

function lanes(fresh: string[], old: string[]) {
  const released: string[] = [];
  const source = {
    takeNew: (limit: number) => fresh.splice(0, limit).map(event),
    takeBacklog: async (limit: number) => old.splice(0, limit).map(event),
    release: (ids: readonly string[]) => void released.push(...ids),
  };
  return { lanes: new Lanes(source), released, fresh, old };
}

function order(from: Lanes, count: number, ignoreDue = false): (string | undefined)[] {
  return Array.from({ length: count }, () => from.take(100, ignoreDue)?.event.eventId);
}

const item = (eventId: string, dueMs: number): Item => ({ event: event(eventId), misses: 1, dueMs });

describe('Lanes', () => {
  test('new events go first, but every fourth comes from the backlog', async () => {
    const { lanes: both } = lanes(['n1', 'n2', 'n3', 'n4', 'n5', 'n6'], ['b1', 'b2', 'b3']);
    await both.refill(0, true);
    expect(order(both, 10)).toEqual(['n1', 'n2', 'n3', 'b1', 'n4', 'n5', 'n6', 'b2', 'b3', undefined]);
  });

  test('the next part of a backlog is read before the last is used up, in order, and no more than that', async () => {
    const old = Array.from({ length: 200 }, (_, i) => `b${i}`);
    const { lanes: draining } = lanes([], [...old]);
    await draining.refill(0, true);
    expect(order(draining, 31)).toEqual(old.slice(0, 31));
    expect(await draining.refill(0, false)).toBe(false);
    expect(order(draining, 1)).toEqual(['b31']);
    expect(await draining.refill(0, false)).toBe(true);
    expect(await draining.refill(0, false)).toBe(false);
    expect(order(draining, 97)).toEqual([...old.slice(32, 128), undefined]);
  });

  test('an event that waits for its retry is not tried before it is due', () => {
    const { lanes: waiting } = lanes([], []);
    waiting.wait(item('later', 200));
    waiting.wait(item('now', 100));
    expect(order(waiting, 2)).toEqual(['now', undefined]);
    expect(waiting.nextDueMs).toBe(200);
  });

  test('a probe takes an event that was never tried before one that failed', async () => {
    const { lanes: probed } = lanes([], ['old']);
    probed.wait(item('failed', 0));
    await probed.refill(0, true);
    expect(order(probed, 2, true)).toEqual(['old', 'failed']);
  });

  test('a probe takes even an event whose own time has not come', () => {
    const { lanes: probed } = lanes([], []);
    probed.wait(item('later', 1e9));
    expect(order(probed, 1, true)).toEqual(['later']);
  });

  test('after an outage everybody is due at once', () => {
    const { lanes: recovered } = lanes([], []);
    recovered.wait(item('a', 1e9));
    recovered.dueNow();
    expect(order(recovered, 1)).toEqual(['a']);
  });

  test('memory is bounded: beyond 512 waiting events the rest goes back to the disk', () => {
    const { lanes: full, released } = lanes([], []);
    for (let i = 0; i < 515; i += 1) full.wait(item(`e${i}`, 0));
    expect(released).toEqual(['e512', 'e513', 'e514']);
  });

  test('gives every lease back, and forgets what was discarded', async () => {
    const { lanes: leased, released } = lanes([], ['b1', 'b2']);
    await leased.refill(0, true);
    leased.wait(item('w1', 0));
    leased.forget('b1');
    leased.releaseAll();
    expect(released).toEqual(['w1', 'b2']);
  });

  test('an event that came while the backlog was being read is looked for again', async () => {
    const { lanes: racing, old } = lanes([], []);
    const reading = racing.refill(0, true);
    old.push('late');
    racing.more();
    expect(await reading).toBe(true);
    expect(await racing.refill(0, true)).toBe(true);
    expect(order(racing, 1)).toEqual(['late']);
  });
});
