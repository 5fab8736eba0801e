import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { COMMIT_TIMES } from '../committed.ts';
import { isMet } from '../goal.ts';
import { startSystem } from '../system.ts';
import { measureDrain } from './drain.ts';
import { judgeRecovery } from './goals.ts';
import type { Round } from './round.ts';

test('a real recovery: every event of the backlogs and every live one is a row, each counted once', async () => {
  const system = await startSystem(['empty'], 1, { settings: COMMIT_TIMES });
  try {
    const site = system.sites.get('empty');
    if (site === undefined) throw new Error('the system has no database');
    const folder = join(await tempDir('recovery'), 'drain');
    const load = { forwarders: 2, backlog: 300, livePerSecond: 20, expectedPerSecond: 300, core: 'any' };
    const drained = await measureDrain({ system, site, folder, ...load });
    expect(drained.events).toBeGreaterThan(2 * load.backlog);
    expect(drained.lost).toBe(0);
    expect(drained.perSecond).toBeGreaterThan(0);
    const { rows } = await site.admin.query<{ n: number }>('SELECT count(*)::int AS n FROM events');
    expect(rows[0]?.n).toBe(drained.events);
  } finally {
    await system.stop();
  }
}, 180_000);

function round(drained: { perSecond: number; p95Ms: number; lost: number }): Round {
  const { perSecond, lost, p95Ms } = drained;
  return {
    arrangement: 'one',
    alone: { perSecond: 1_000, cpuUs: { sender: 1, hub: 1, postgres: 1 } },
    drained: {
      ...{ events: 10, perSecond, lost, live: { events: 1, p50Ms: 1, p95Ms, maxMs: p95Ms } },
      cpuUs: { forwarders: 1, hub: 1, postgres: 1 },
    },
  };
}

test('the worst round decides about live events and loss, the middle one about speed', () => {
  const parts = judgeRecovery([
    round({ perSecond: 950, p95Ms: 10, lost: 0 }),
    round({ perSecond: 910, p95Ms: 160, lost: 1 }),
    round({ perSecond: 100, p95Ms: 10, lost: 0 }),
  ]);
  expect(Object.entries(parts).map(([name, part]) => [name, part.value, isMet(part)])).toEqual([
    ['G13_one', 0.91, true],
    ['G13_one_live', 160, false],
    ['G13_one_lost', 1, false],
  ]);
});
