import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { processEnv } from '@scholar/runtime/config';
import { freePort, waitFor } from '@scholar/runtime/testing';

/**
 * V8 lets garbage lie as long as the machine has memory to spare. In a pod its limit tells V8 better; here this does.
 * operator/src/controller/README.md says the same to those who run it.
 */
const HEAP = ['--max-old-space-size=160', '--max-semi-space-size=2'];

/** An operator in a process of its own, looked at from outside. */
export interface MeasuredOperator {
  /** Seconds from the start of the process until every table was known. */
  syncedAfterS: number;
  /** Sum of the series whose name and labels hold all of the texts. */
  metric: (...texts: string[]) => Promise<number>;
  /** Resident memory, MB: now and the most it ever was. */
  memory: () => { nowMb: number; peakMb: number };
  cpuS: () => Promise<number>;
  stop: () => Promise<void>;
}

export async function startMeasured(options: {
  entry: string;
  kubeconfig: string;
  workers: number;
}): Promise<MeasuredOperator> {
  const { entry, kubeconfig, workers } = options;
  const port = await freePort();
  const ops = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const { PATH = '', HOME = '/' } = processEnv();
  const child = spawn(process.execPath, [...HEAP, entry], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH,
      HOME,
      KUBECONFIG: kubeconfig,
      POD_NAME: 'bench',
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(port),
      WORKERS: String(workers),
      LOG_LEVEL: 'warn',
    },
  });
  const exited = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const isReady = async (): Promise<boolean> => (await fetch(`${ops}/ready`)).ok;
  await waitFor(isReady, { timeoutMs: 180_000, intervalMs: 25 }).catch((cause: unknown) => {
    throw new Error(`the operator did not become ready:\n${output}`, { cause });
  });
  const syncedAfterS = (performance.now() - began) / 1_000;
  const metric = async (...texts: string[]): Promise<number> => {
    const lines = (await (await fetch(`${ops}/metrics`)).text()).split('\n');
    const found = lines.filter((line) => !line.startsWith('#') && texts.every((text) => line.includes(text)));
    return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return {
    syncedAfterS,
    metric,
    memory: () => ({ nowMb: memoryOf(child.pid ?? 0, 'VmRSS'), peakMb: memoryOf(child.pid ?? 0, 'VmHWM') }),
    cpuS: () => metric('process_cpu_seconds_total'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
    },
  };
}

/** MB, of /proc/<pid>/status (proc_pid_status(5)), which counts in units of 1,024 bytes. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`${field}:\\s+(\\d+) kB`, 'u').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round((Number(found?.[1] ?? Number.NaN) * 1_024) / 1e5) / 10;
}
