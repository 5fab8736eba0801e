import { FakeClock } from '../clock/index.ts';
import { createLoop } from './index.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A loop whose passes end when the test says so. */
function rig(waitMs: number | undefined) {
  const clock = new FakeClock(0);
  const passes: Array<{ end: () => void; signal: AbortSignal }> = [];
  const pass = (signal: AbortSignal) =>
    new Promise<number | undefined>((resolve) => passes.push({ signal, end: () => resolve(waitMs) }));
  const loop = createLoop({ pass, clock });
  const end = async () => {
    passes.at(-1)?.end();
    await turn();
  };
  return { clock, passes, loop, end };
}

test('passes follow each other after the wait that each asks for, never two at once', async () => {
  const { clock, passes, loop, end } = rig(100);
  loop.start();
  loop.start();
  await clock.advance(1_000);
  expect(passes).toHaveLength(1);
  await end();
  await clock.advance(99);
  expect(passes).toHaveLength(1);
  await clock.advance(1);
  expect(passes).toHaveLength(2);
  await end();
  await loop.stop();
});

test('a wake ends the wait, also when it comes during a pass', async () => {
  const { passes, loop, end } = rig(100);
  loop.start();
  await end();
  loop.wake();
  await turn();
  expect(passes).toHaveLength(2);
  loop.wake();
  await end();
  expect(passes).toHaveLength(3);
  await end();
  await loop.stop();
});

test('a stop tells the pass under way and waits for it; no other begins', async () => {
  const { clock, passes, loop, end } = rig(0);
  loop.start();
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await turn();
  expect([passes[0]?.signal.aborted, stopped]).toEqual([true, false]);
  await end();
  await stopping;
  expect([passes.length, clock.sleeping]).toEqual([1, 0]);
});

test('a stop during the wait ends at once, and one before the start too', async () => {
  const { clock, passes, loop, end } = rig(100);
  loop.start();
  await end();
  await loop.stop();
  expect([passes.length, clock.sleeping]).toEqual([1, 0]);
  await rig(100).loop.stop();
});

test('a pass that asks for no next is the last', async () => {
  const { clock, passes, loop, end } = rig(undefined);
  loop.start();
  await end();
  await clock.advance(60_000);
  expect([passes.length, clock.sleeping]).toEqual([1, 0]);
  await loop.stop();
});
