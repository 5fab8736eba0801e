import { expectExactRows } from './exact-rows.ts';
import { startTraffic, type TrafficResult } from './traffic.ts';
import type { UnderTest } from './under-test.ts';

export interface Patience {
  /** How long the first, and the last, few requests may take to get their 2xx. */
  requestsMs: number;
  /** How long after the last request every row may take. */
  rowsMs: number;
  /** Pause between two requests of one kind. */
  pauseMs: number;
}

const ON_THIS_MACHINE: Patience = { requestsMs: 60_000, rowsMs: 60_000, pauseMs: 25 };

/**
 * Signups, leads and payments go on while a fault happens; afterwards each request that got its 2xx must be exactly one
 * row.
 */
export async function underTraffic(
  system: UnderTest,
  fault: () => Promise<void>,
  patience: Patience = ON_THIS_MACHINE,
): Promise<TrafficResult> {
  const traffic = await startTraffic(system, patience.pauseMs);
  try {
    await traffic.until(5, patience.requestsMs);
    await fault();
    await traffic.until(20, patience.requestsMs);
  } finally {
    await traffic.stop();
  }
  const result = await traffic.stop();
  await expectExactRows(system, result.accepted, patience.rowsMs);
  return result;
}
