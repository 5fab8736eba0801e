import { readdirSync, readFileSync } from 'node:fs';
import { cpuOf, familyCpuOf, type MachineTimes, machineTimes } from './proc.ts';

/** What is read of processes at both ends of a measured window. */
export type Readings = {
  atMs: number;
  cpuS: number;
  /** Bytes that they caused to be written to the storage layer (proc_pid_io(5)). */
  writtenBytes: number;
  deviceBytes: number;
  ownCpuS: number;
  familyCpuS: number;
  machine: MachineTimes;
};

export function readProcesses(
  pids: readonly number[],
  { device, family }: { device?: string | undefined; family?: number | undefined } = {},
): Readings {
  const own = process.cpuUsage();
  return {
    atMs: performance.now(),
    cpuS: sum(pids.map(cpuOf)),
    writtenBytes: sum(pids.map((pid) => writtenBytes(readFileSync(`/proc/${pid}/io`, 'utf8')))),
    deviceBytes:
      device === undefined ? Number.NaN : deviceBytes(readFileSync('/proc/diskstats', 'utf8'), device),
    ownCpuS: (own.user + own.system) / 1e6,
    familyCpuS: family === undefined ? 0 : familyCpuOf(family),
    machine: machineTimes(),
  };
}

/** Pure: `write_bytes` of /proc/<pid>/io. */
export function writtenBytes(text: string): number {
  return Number(/^write_bytes: (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** Pure: bytes written by a block device since the start of the machine; /proc/diskstats counts sectors of 512 bytes. */
export function deviceBytes(text: string, device: string): number {
  const [major, minor] = device.split(':');
  const fields = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([first, second]) => first === major && second === minor);
  return fields === undefined ? Number.NaN : Number(fields[9]) * 512;
}

/** Memory of processes in bytes, shared pages divided among those who share them (PSS). */
export function pssOf(pids: readonly number[]): number {
  return sum(pids.map((pid) => pssBytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))));
}

/** Pure: the sum of /proc/<pid>/smaps_rollup, which counts in units of 1,024 bytes. */
export function pssBytes(text: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * 1_024;
}

/** Flags that each descriptor of a process was opened with (proc_pid_fdinfo(5): octal). */
export function descriptorFlags(pid: number): Map<number, number> {
  const folder = `/proc/${pid}/fdinfo`;
  const flags = new Map<number, number>();
  for (const fd of readdirSync(folder)) {
    let text: string;
    try {
      text = readFileSync(`${folder}/${fd}`, 'utf8');
    } catch {
      // Closed since the folder was read.
      continue;
    }
    flags.set(Number(fd), Number.parseInt(/^flags:\s+([0-7]+)$/m.exec(text)?.[1] ?? '0', 8));
  }
  return flags;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
