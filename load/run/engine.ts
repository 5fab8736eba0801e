import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { processEnv } from '@scholar/runtime/config';
import { TREND_STATS } from '../runner/metrics/exposition.ts';

export interface Engine {
  /** As a report names it, with its version. */
  name: string;
  file: string;
  args: readonly string[];
}

/**
 * k6 where there is one on the PATH, else our runner; ENGINE names one of the two. Percentiles reach Prometheus from k6 by remote
 * write, when K6_PROMETHEUS_RW_SERVER_URL says where; the runner shows them to be scraped at METRICS_PORT. Both write each sample into the
 * file that POINTS names.
 */
export function chooseEngine(env: NodeJS.ProcessEnv): Engine {
  const { ENGINE: wanted, METRICS_PORT: port } = env;
  const k6 = wanted === 'runner' ? undefined : k6Version();
  if (k6 !== undefined)
    return {
      name: k6,
      file: 'k6',
      args: ['run', '--no-usage-report', '--quiet', ...remoteWrite(env), ...points(env)],
    };
  if (wanted === 'k6') throw new Error('there is no k6 on the PATH; ENGINE=runner takes our own');
  const main = join(import.meta.dirname, '..', 'runner', 'main.ts');
  return {
    name: 'the runner of scholar (not k6)',
    file: process.execPath,
    args: [...process.execArgv, main, 'run', ...(port ? ['--metrics-port', port] : []), ...points(env)],
  };
}

/** The same figures as the runner shows, where nobody asked for others. */
const remoteWriteEnv = { K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS.join(',') };

const remoteWrite = (env: NodeJS.ProcessEnv): string[] =>
  env['K6_PROMETHEUS_RW_SERVER_URL'] ? ['-o', 'experimental-prometheus-rw'] : [];

const points = ({ POINTS: file }: NodeJS.ProcessEnv): string[] => (file ? ['--out', `json=${file}`] : []);

function k6Version(): string | undefined {
  try {
    return /^k6 v?\S+/.exec(execFileSync('k6', ['version'], { encoding: 'utf8' }))?.[0];
  } catch {
    return undefined;
  }
}

/** What a script says of an event that nobody acknowledged; k6 puts its own words around it. */
const NOT_ACKNOWLEDGED = /not acknowledged: ([0-9a-f-]{36})/;

/** Plays one script. @returns its exit code and the ids that it calls not acknowledged; everything else it says goes on to stderr */
export async function play(
  { file, args }: Engine,
  o: { script: string; env: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<{ code: number; notAcknowledged: Set<string> }> {
  // Not by -e: everybody on a machine may read the arguments of a process.
  const env = { ...remoteWriteEnv, ...processEnv(), ...o.env };
  const child = spawn(file, [...args, o.script], { stdio: ['ignore', 'inherit', 'pipe'], env });
  o.signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  const notAcknowledged = new Set<string>();
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      const id = NOT_ACKNOWLEDGED.exec(line)?.[1];
      if (id === undefined) process.stderr.write(`${line}\n`);
      else notAcknowledged.add(id);
    }
  })();
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  await reading;
  return { code, notAcknowledged };
}
