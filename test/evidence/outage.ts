import type { AppLabel } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { takeAway } from '../../load/run/outage.ts';
import { countRows, type RowCount } from '../harness/exact-rows.ts';
import type { LocalSystem } from '../harness/local-system.ts';
import { startTraffic } from '../harness/traffic.ts';
import type { OutageSeen } from './seen.ts';
import type { StepPlan, Took } from './take-steps.ts';
import { shownBy, watchQueues } from './watch.ts';

/** Whose users go on while A8 is away: sign-ups, leads and payments. */
const APPS: readonly AppLabel[] = ['scholar_auth', 'auto_page_maker', 'provider_register'];
const EVERY_MS = 250;
const PAUSE_MS = 100;
/** Requests of each kind after the outage: the way is open again for those who come now. */
const AFTERWARDS = 50;
const ROWS_WITHIN_MS = 120_000;

/** A8 is killed again and again for 20 s while users go on; then each id that was answered for is looked up. */
export const outage: StepPlan<LocalSystem> = {
  name: 'outage',
  take: async (system) => {
    const shown = await shownBy(system, APPS);
    const ended = new AbortController();
    const watching = watchQueues(shown, EVERY_MS, ended.signal);
    try {
      const traffic = await startTraffic(system, PAUSE_MS);
      const kills = await takeAway(
        { a8Pid: async () => (await system.status()).a8.pid ?? undefined },
        ended.signal,
      );
      await traffic.until(AFTERWARDS, ROWS_WITHIN_MS).finally(() => traffic.stop());
      const { accepted, serverErrors } = await traffic.stop();
      const fates = await rowsWithin(system, accepted);
      ended.abort();
      return judged({ kills, fates, serverErrors, apps: APPS, queues: await watching });
    } finally {
      ended.abort();
      await watching;
    }
  },
};

/** Until each is a row, two minutes at most. */
async function rowsWithin(system: LocalSystem, ids: readonly string[]): Promise<RowCount> {
  for (const deadline = Date.now() + ROWS_WITHIN_MS; ; await systemClock.sleep(200)) {
    const fates = await countRows(system, ids);
    if (fates.missing.length === 0 || Date.now() > deadline) return fates;
  }
}

function judged(seen: OutageSeen): Took {
  const { fates, kills, serverErrors } = seen;
  const bad = [
    ...(kills === 0 ? ['A8 was never away'] : []),
    ...(fates.missing.length > 0 ? [`${fates.missing.length} acknowledged events are no rows`] : []),
    ...(fates.duplicates.length > 0 ? [`${fates.duplicates.length} events are more than one row`] : []),
    ...(serverErrors.length > 0
      ? [`${serverErrors.length} requests of users got a 5xx: ${serverErrors[0]}`]
      : []),
  ];
  return { seen: { outage: seen }, failure: bad.length > 0 ? bad.join('; ') : undefined };
}
