import { tempDir } from '@scholar/runtime/testing';
import { simulateOutage } from '../testing/outage/simulate-outage.ts';
import { randomFrom } from '../testing/torture/random.ts';

/** Forty minutes at ten events a second, by a simulated clock; `make torture` has four days of it. */
const EVENTS = 24_000;

test('after a long outage with kills on the way out and on the way back, A8 has exactly the events that were accepted', async () => {
  const report = await simulateOutage({
    dir: await tempDir('outage'),
    events: EVENTS,
    kills: 2,
    random: randomFrom(7),
  });
  expect(report).toMatchObject({ events: EVENTS, lost: 0, strange: 0 });
  expect(report.end).toMatchObject({
    depth: 0,
    conserves: true,
    totals: { appended: EVENTS, delivered: EVENTS, discarded: 0, quarantined: 0, deadMissing: 0 },
  });
  expect(report.oldestAgeMs).toBeGreaterThanOrEqual((EVENTS - 100) * 100);
  // One probe at a time, ever more seldom: not one attempt for each event.
  expect(report.attemptsWhileAway).toBeLessThan(EVENTS / 10);
}, 300_000);
