import { systemClock } from '@scholar/runtime/clock';
import type { Target } from './target.ts';

const FIRST_MS = 20_000;
const LASTS_MS = 20_000;
const LOOK_EVERY_MS = 500;

/** Takes A8 away for a while: killed with -9, and again as soon as its supervisor has started it. @returns how often */
export async function takeAway({ a8Pid }: Pick<Target, 'a8Pid'>, signal: AbortSignal): Promise<number> {
  let kills = 0;
  await systemClock.sleep(FIRST_MS, signal);
  for (const end = performance.now() + LASTS_MS; performance.now() < end && !signal.aborted; ) {
    const pid = await a8Pid();
    if (pid !== undefined && isKilled(pid)) kills += 1;
    await systemClock.sleep(LOOK_EVERY_MS, signal);
  }
  return kills;
}

function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
