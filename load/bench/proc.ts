import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU for programs in hundredths of a second on every architecture (USER_HZ). */
const TICK_S = 0.01;

export type ProcessTimes = { parent: number; ownS: number; endedChildrenS: number };

/** Of the text of /proc/<pid>/stat (proc_pid_stat(5)): the name may hold spaces and brackets, so it is cut off first. */
export function parseProcessTimes(text: string): ProcessTimes {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map(
    (index) => fields[index],
  );
  return { parent, ownS: (user + system) * TICK_S, endedChildrenS: (childUser + childSystem) * TICK_S };
}

/** CPU seconds of a machine since its start. `worked` is what processes did; `interrupts` belongs to nobody. */
export type MachineTimes = { workedS: number; interruptsS: number; totalS: number };

/** Of the text of /proc/stat, whose first line adds all cores up. Time that a hypervisor stole counts as worked by others. */
export function parseMachineTimes(text: string): MachineTimes {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, stolen = 0] = (
    text.split('\n', 1)[0] ?? ''
  )
    .trim()
    .split(/ +/)
    .slice(1)
    .map((ticks) => Number(ticks) * TICK_S);
  const workedS = user + nice + system + stolen;
  const interruptsS = irq + softIrq;
  return { workedS, interruptsS, totalS: workedS + interruptsS + idle + wait };
}

export function machineTimes(): MachineTimes {
  return parseMachineTimes(readFileSync('/proc/stat', 'utf8'));
}

/** CPU seconds of a process with all its threads. */
export function cpuOf(pid: number): number {
  return read(`/proc/${pid}/stat`)?.ownS ?? 0;
}

/** CPU seconds of its first thread alone: the event loop of Node. */
export function mainThreadCpuOf(pid: number): number {
  return read(`/proc/${pid}/task/${pid}/stat`)?.ownS ?? 0;
}

/** CPU seconds of a process, of its children, and of children that have ended: a whole PostgreSQL. */
export function familyCpuOf(pid: number): number {
  for (;;) {
    const { ownS = 0, endedChildrenS = 0 } = read(`/proc/${pid}/stat`) ?? {};
    const seconds = ownS + endedChildrenS + childrenCpuOf(pid);
    // A child that ended while the others were read would be in neither figure.
    if ((read(`/proc/${pid}/stat`)?.endedChildrenS ?? 0) === endedChildrenS) return seconds;
  }
}

function childrenCpuOf(pid: number): number {
  let seconds = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = read(`/proc/${name}/stat`);
    if (times?.parent === pid) seconds += times.ownS;
  }
  return seconds;
}

function read(file: string): ProcessTimes | undefined {
  try {
    return parseProcessTimes(readFileSync(file, 'utf8'));
  } catch {
    // It has just ended; its parent has its time now.
    return undefined;
  }
}
