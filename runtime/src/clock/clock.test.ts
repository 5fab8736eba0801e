import { FakeClock, systemClock } from './index.ts';

describe('systemClock', () => {
  test('sleeps for about as long as told', async () => {
    const since = systemClock.monotonic();
    await systemClock.sleep(20);
    expect(systemClock.monotonic() - since).toBeGreaterThanOrEqual(18);
  });

  test('an abort ends a sleep early and without an error', async () => {
    const cancel = new AbortController();
    const sleeping = systemClock.sleep(60_000, cancel.signal);
    cancel.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });
});

describe('FakeClock', () => {
  test('wakes sleepers in the order of their deadlines, each at its own time', async () => {
    const clock = new FakeClock(1_000);
    const woken: string[] = [];
    const note = (name: string) => () => woken.push(`${name}@${clock.now()}`);
    void clock.sleep(200).then(note('late'));
    void clock.sleep(100).then(note('early'));
    await clock.advance(150);
    expect(woken).toEqual(['early@1100']);
    await clock.advance(100);
    expect(woken).toEqual(['early@1100', 'late@1200']);
    expect(clock.now()).toBe(1_250);
  });

  test('a sleeper that sleeps again within the advance is woken again', async () => {
    const clock = new FakeClock(0);
    let rounds = 0;
    const cancel = new AbortController();
    const loop = (async () => {
      while (!cancel.signal.aborted) {
        await clock.sleep(10, cancel.signal);
        rounds += 1;
      }
    })();
    await clock.advance(35);
    expect(rounds).toBe(3);
    cancel.abort();
    await loop;
    expect(clock.sleeping).toBe(0);
  });
});
