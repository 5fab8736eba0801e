import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from './target.ts';

const FIRST_MS = 20_000;
const LASTS_MS = 20_000;
const LOOK_EVERY_MS = 500;

/** Takes A8 away for a while: killed with -9, and again as soon as its supervisor has started it. @returns how often */
export async function takeAway({ a8Pid }: Pick<Target, 'a8Pid'>, signal: AbortSignal): Promise<number> {
  let kills = 0;
  await pause(FIRST_MS, undefined, { signal });
  for (const end = performance.now() + LASTS_MS; performance.now() < end; ) {
    const pid = await a8Pid();
    if (pid !== undefined && isKilled(pid)) kills += 1;
    await pause(LOOK_EVERY_MS, undefined, { signal });
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
