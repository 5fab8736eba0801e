import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSupervisor, runningSupervisor } from './control-client.ts';
import type { StateLayout } from './layout.ts';
import { isSameProcess, type ProcessRecord, rememberedProcesses } from './process-record.ts';

/** The longest orderly stop: apps, then forwarders and A8, then PostgreSQL, each bounded. */
const STOP_TIMEOUT_MS = 45_000;

export interface DownResult {
  /** Names of what was running when we came. */
  ended: string[];
  /** True when the supervisor itself stopped everything in order. */
  orderly: boolean;
}

/** Ends the local system of a state folder, also when its supervisor was killed. Data and logs stay. */
export async function bringDown(layout: StateLayout): Promise<DownResult> {
  const supervisor = await runningSupervisor(layout);
  const before = (await rememberedProcesses(layout)).filter(isSameProcess);
  const ended = before.map((record) => record.name);
  if (supervisor === undefined) {
    await endLeftovers(layout);
    return { ended, orderly: false };
  }
  await connectSupervisor(layout)
    .then((client) => client.command({ do: 'shutdown' }))
    .catch(() => signal(supervisor.pid, 'SIGTERM'));
  const orderly = await untilGone([supervisor], STOP_TIMEOUT_MS);
  if (!orderly) signal(supervisor.pid, 'SIGKILL');
  await endLeftovers(layout);
  return { ended, orderly };
}

/** Ends processes that an earlier supervisor left behind: SIGTERM, five seconds, SIGKILL. PostgreSQL gets its fast stop. */
export async function endLeftovers(layout: StateLayout): Promise<void> {
  const left = (await rememberedProcesses(layout)).filter(isSameProcess);
  for (const { pid, name } of left) signal(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  if (!(await untilGone(left, 5_000)))
    for (const { pid } of left.filter(isSameProcess)) signal(pid, 'SIGKILL');
  await untilGone(left, 5_000);
  await rm(layout.supervisor, { force: true });
  await rm(layout.processes, { force: true });
}

async function untilGone(
  records: Pick<ProcessRecord, 'pid' | 'started'>[],
  timeoutMs: number,
): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(50)) {
    if (!records.some(isSameProcess)) return true;
  }
  return !records.some(isSameProcess);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
