import { problemDocument } from '@scholar/contract';
import { type Outcome, Waiters } from './waiters.ts';

const outcome: Outcome = { state: 'dead', problem: problemDocument('contract_violation') };

describe('Waiters', () => {
  test('everybody who waits for an event gets its outcome', async () => {
    const waiters = new Waiters();
    const both = Promise.all([waiters.wait('a', 5000), waiters.wait('a', 5000)]);
    waiters.settle('a', outcome);
    expect(await both).toEqual([outcome, outcome]);
  });

  test('waiting ends without an outcome when the time is up or the asker is gone', async () => {
    const waiters = new Waiters();
    expect(await waiters.wait('a', 5)).toBeUndefined();
    const gone = new AbortController();
    const waiting = waiters.wait('a', 5000, gone.signal);
    gone.abort();
    expect(await waiting).toBeUndefined();
  });

  test('nobody is remembered afterwards', async () => {
    const waiters = new Waiters();
    const waiting = waiters.wait('a', 5000);
    waiters.settle('a', outcome);
    await waiting;
    await waiters.wait('b', 1);
    expect(waiters.size).toBe(0);
  });
});
