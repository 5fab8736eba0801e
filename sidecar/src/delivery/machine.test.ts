import fc from 'fast-check';
import { DeliveryMachine, type Transition } from './machine.ts';
import { DEFAULT_PACING } from './pacing.ts';

function machine(options: { random?: () => number } = {}) {
  const transitions: string[] = [];
  const delivery = new DeliveryMachine({
    pacing: DEFAULT_PACING,
    random: options.random ?? (() => 0.5),
    onTransition: ({ from, to }: Transition) => void transitions.push(`${from}>${to}`),
  });
  delivery.queued();
  return { delivery, transitions };
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

type Machine = ReturnType<typeof machine>['delivery'];

function answer(delivery: Machine, count: number): void {
  for (let i = 0; i < count; i += 1) delivery.delivered(5);
}

function silence(delivery: Machine, nowMs: number, eventId = 'a'): void {
  delivery.missed({ eventId, round: delivery.round, nowMs, unreachable: true });
}

function busy(delivery: Machine, nowMs: number, eventId: string): void {
  delivery.missed({ eventId, round: delivery.round, nowMs, unreachable: false });
}

describe('while A8 answers', () => {
  test('goes from idle to delivering and back', () => {
    const { delivery, transitions } = machine();
    answer(delivery, 10);
    delivery.emptied();
    expect(transitions).toEqual(['idle>delivering', 'delivering>idle']);
  });

  test('one "not now" halves the window and stops nobody', () => {
    const { delivery } = machine();
    answer(delivery, 40);
    busy(delivery, 0, 'a');
    expect(delivery.state).toBe('delivering');
    expect(delivery.gate(0)).toEqual({ slots: 16, ignoreDue: false });
  });

  test('of many attempts that fail together only one speaks', () => {
    const { delivery } = machine();
    answer(delivery, 40);
    const round = delivery.round;
    for (let i = 0; i < 32; i += 1) {
      delivery.missed({ eventId: `e${i}`, round, nowMs: 0, unreachable: false });
    }
    expect(delivery.window).toBe(16);
  });

  test('one event that A8 keeps failing never pauses the others', () => {
    const { delivery } = machine();
    for (let i = 0; i < 50; i += 1) busy(delivery, i, 'poison');
    expect(delivery.state).toBe('retrying');
    expect(delivery.gate(50)).toEqual({ slots: 1, ignoreDue: false });
  });
});

describe('while A8 is ill or away', () => {
  test('sends nothing until the pause is over, then exactly one', () => {
    const { delivery } = machine();
    answer(delivery, 40);
    silence(delivery, 1000);
    expect(delivery.state).toBe('retrying');
    expect(delivery.gate(1000)).toEqual({ slots: 0, ignoreDue: true, wakeAtMs: 1050 });
    expect(delivery.gate(1050)).toEqual({ slots: 1, ignoreDue: true });
  });

  test('at the cap the pause is still spread over all of it, however long the outage, and on top of Retry-After', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 300 }),
        fc.nat(60_000),
        share,
        share,
        (misses, retryAfterMs, one, other) => {
          const pauseOf = (random: number): number => {
            const { delivery } = machine({ random: () => random });
            for (let i = 0; i < misses; i += 1) silence(delivery, 0);
            const { round } = delivery;
            delivery.missed({ eventId: 'a', round, nowMs: 0, unreachable: false, retryAfterMs });
            return (delivery.notBeforeMs ?? 0) - retryAfterMs;
          };
          expect(pauseOf(one)).toBeCloseTo(one * DEFAULT_PACING.retryCapMs, 6);
          // Two forwarders that failed together come back as far apart as their luck was.
          expect(pauseOf(one) - pauseOf(other)).toBeCloseTo((one - other) * DEFAULT_PACING.retryCapMs, 6);
        },
      ),
    );
  });

  test('three different failing events pause everybody', () => {
    const { delivery } = machine();
    for (const id of ['a', 'b', 'c']) busy(delivery, 0, id);
    expect(delivery.gate(0)).toMatchObject({ slots: 0, ignoreDue: true });
  });

  test('honours Retry-After, with the jitter on top', () => {
    const { delivery } = machine();
    delivery.missed({
      eventId: 'a',
      round: delivery.round,
      nowMs: 0,
      unreachable: false,
      retryAfterMs: 2000,
    });
    expect(delivery.notBeforeMs).toBeGreaterThanOrEqual(2000);
  });

  test('a receipt ends it, says that everybody may go, and the window begins small', () => {
    const { delivery } = machine();
    answer(delivery, 40);
    silence(delivery, 0);
    expect(delivery.delivered(5)).toBe(true);
    expect(delivery.state).toBe('delivering');
    expect(delivery.window).toBe(2);
    expect(delivery.delivered(5)).toBe(false);
  });
});

describe('holds', () => {
  const hold = (delivery: Machine, nowMs = 0) =>
    delivery.held({ reason: 'unauthorized', detail: 'A8 answered 401', round: delivery.round, nowMs });

  test('probes after a second, then ever more slowly up to the slow pace', () => {
    const { delivery } = machine();
    hold(delivery);
    const waits = [delivery.notBeforeMs ?? 0];
    for (let i = 0; i < 6; i += 1) {
      hold(delivery);
      waits.push(delivery.notBeforeMs ?? 0);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(delivery.gate(15_000)).toEqual({ slots: 1, ignoreDue: true });
  });

  test('keeps the moment at which it began', () => {
    const { delivery } = machine();
    hold(delivery, 5);
    hold(delivery, 500);
    expect(delivery.hold).toMatchObject({ reason: 'unauthorized', sinceMs: 5 });
  });

  test('without a key or a URL nothing is asked', () => {
    const { delivery } = machine();
    delivery.held({ reason: 'no_key', detail: 'A8_KEY is not set', round: delivery.round, nowMs: 0 });
    expect(delivery.gate(1e9)).toEqual({ slots: 0, ignoreDue: false });
  });

  test('a changed key or URL ends it at once, and answers to the old one no longer count', () => {
    const { delivery } = machine();
    const old = delivery.round;
    hold(delivery);
    delivery.destinationChanged(10);
    expect(delivery.hold).toBeUndefined();
    expect(delivery.gate(10)).toEqual({ slots: 1, ignoreDue: true });
    delivery.held({ reason: 'unauthorized', detail: 'late', round: old, nowMs: 11 });
    expect(delivery.state).toBe('retrying');
  });

  test('neither an empty queue nor an unreachable A8 ends it', () => {
    const { delivery } = machine();
    hold(delivery);
    delivery.emptied();
    silence(delivery, 5);
    expect(delivery.hold?.reason).toBe('unauthorized');
  });

  test('an answer about an event ends it: then key and route are right', () => {
    const { delivery } = machine();
    hold(delivery);
    expect(delivery.refused('a', 0)).toEqual({ bury: true, recovered: true });
    expect(delivery.state).toBe('delivering');
  });
});

describe('contract refusals', () => {
  const refuse = (delivery: Machine, from: number, to: number) => {
    for (let i = from; i < to; i += 1) delivery.refused(`e${i}`, 0);
  };

  test('fifty different ones in a row hold, and from there nothing more is buried', () => {
    const { delivery } = machine();
    refuse(delivery, 0, 49);
    expect(delivery.state).toBe('delivering');
    expect(delivery.refused('e49', 0).bury).toBe(true);
    expect(delivery.hold?.reason).toBe('contract_mismatch');
    expect(delivery.refused('e50', 0).bury).toBe(false);
  });

  test('the same event refused fifty times is one refusal', () => {
    const { delivery } = machine();
    for (let i = 0; i < 100; i += 1) delivery.refused('replayed', 0);
    expect(delivery.state).toBe('delivering');
  });

  test('a receipt in between begins the count anew, and ends the hold', () => {
    const { delivery } = machine();
    refuse(delivery, 0, 49);
    delivery.delivered(5);
    refuse(delivery, 50, 99);
    expect(delivery.state).toBe('delivering');
    refuse(delivery, 100, 101);
    expect(delivery.state).toBe('held');
    delivery.delivered(5);
    expect(delivery.state).toBe('delivering');
  });
});
