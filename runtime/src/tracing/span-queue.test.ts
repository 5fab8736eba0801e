import { systemClock } from '../clock/index.ts';
import { waitFor } from '../testing/index.ts';
import { beginSpan } from './begin-span.ts';
import type { Span } from './span.ts';
import { type SpanOutcome, SpanQueue, type SpanQueueOptions } from './span-queue.ts';

let told: Record<SpanOutcome, number>;
let faults: unknown[];

beforeEach(() => {
  told = { exported: 0, dropped: 0, failed: 0 };
  faults = [];
});

function queue(options: Partial<SpanQueueOptions>): SpanQueue {
  return new SpanQueue({
    exportSpans: async () => {},
    count: (outcome, spans) => {
      told[outcome] += spans;
    },
    onFault: (error) => faults.push(error),
    onRecovery: () => faults.push('recovered'),
    clock: systemClock,
    delayMs: 5,
    ...options,
  });
}

function span(): Span {
  const context = beginSpan(undefined);
  return {
    name: 's',
    kind: 'internal',
    context,
    parent: undefined,
    startMs: 0,
    durationMs: 1,
    attributes: {},
  };
}

test('each span is told of once, and spans go out together', async () => {
  const batches: number[] = [];
  const made = queue({ batch: 4, exportSpans: async (spans) => void batches.push(spans.length) });
  for (let n = 0; n < 10; n += 1) made.push(span());
  await waitFor(() => told.exported === 10);
  expect(batches[0]).toBe(4);
  expect(batches.reduce((sum, size) => sum + size)).toBe(10);
  await made.close(1_000);
  expect(told).toEqual({ exported: 10, dropped: 0, failed: 0 });
});

test('while the endpoint does not answer only so many wait; what comes beyond them is dropped and counted', async () => {
  const answer = Promise.withResolvers<void>();
  const made = queue({ capacity: 8, batch: 4, exportSpans: () => answer.promise });
  for (let n = 0; n < 100; n += 1) made.push(span());
  // Four are under way and eight wait.
  expect(told).toEqual({ exported: 0, dropped: 88, failed: 0 });
  answer.resolve();
  await made.close(60_000);
  expect(told).toEqual({ exported: 12, dropped: 88, failed: 0 });
});

test('an end does not wait longer than it may, and what is left is counted as dropped', async () => {
  const never = Promise.withResolvers<void>();
  const made = queue({ batch: 1, exportSpans: () => never.promise });
  made.push(span());
  made.push(span());
  await made.close(10);
  made.push(span());
  expect(told).toEqual({ exported: 0, dropped: 2, failed: 0 });
  never.resolve();
  await waitFor(() => told.exported === 1);
});

test('a fault is told when it begins and when it is over, not for each batch', async () => {
  let away = true;
  const made = queue({
    batch: 1,
    exportSpans: async () => {
      if (away) throw new Error('away');
    },
  });
  for (let n = 0; n < 5; n += 1) made.push(span());
  await waitFor(() => told.failed === 5);
  away = false;
  made.push(span());
  await waitFor(() => told.exported === 1);
  expect(faults).toEqual([new Error('away'), 'recovered']);
  await made.close(1_000);
});
