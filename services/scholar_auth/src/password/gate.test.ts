import { createGate, TooBusy } from './gate.ts';

function held(): { work: () => Promise<void>; release: () => void; started: () => boolean } {
  let release = (): void => {};
  let started = false;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    work: () => {
      started = true;
      return until;
    },
    release: () => release(),
    started: () => started,
  };
}

describe('the gate in front of password hashing', () => {
  test('lets as many in as there are places, and the next one when a place is free', async () => {
    const gate = createGate({ places: 1, maxWaiting: 1 });
    const [first, second] = [held(), held()];
    const one = gate.run(first.work);
    const two = gate.run(second.work);
    await new Promise((resolve) => setImmediate(resolve));
    expect([first.started(), second.started()]).toEqual([true, false]);
    first.release();
    await one;
    second.release();
    await two;
    expect(second.started()).toBe(true);
  });

  test('refuses when too many wait, and takes work again afterwards', async () => {
    const gate = createGate({ places: 1, maxWaiting: 1 });
    const [first, second] = [held(), held()];
    const running = [gate.run(first.work), gate.run(second.work)];
    await expect(gate.run(async () => 'late')).rejects.toThrow(TooBusy);
    first.release();
    second.release();
    await Promise.all(running);
    expect(await gate.run(async () => 'fine')).toBe('fine');
  });

  test('a failure gives its place back', async () => {
    const gate = createGate({ places: 1, maxWaiting: 0 });
    await expect(gate.run(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    expect(await gate.run(async () => 1)).toBe(1);
  });
});
