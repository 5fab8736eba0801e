import { chmodSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions } from '../command.ts';
import { judged } from '../goal.ts';
import { reportGoals } from '../report.ts';
import { saveSeen } from '../seen/result.ts';
import { digits } from '../statistics.ts';
import { judgeIdle } from './goals.ts';
import { startLocalSystem } from './local-system.ts';
import { startReading } from './readings.ts';

/**
 * `make idle`: processor time, wake-ups and memory of every process of a local system that nobody uses. Writes its part of
 * load/bench/results/seen.json. SHORT and BENCH_DIR as for `make bench`. Others on the machine may work meanwhile: what is
 * read is each process's own.
 */
const env = processEnv();
const { short, say } = readOptions(env);
/** The supervisor verifies every 60 s: the first times belong to the start, and the window holds two. */
const plan = short ? { settleS: 3, windowS: 10 } : { settleS: 90, windowS: 120 };

const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const system = await startLocalSystem(folder);
try {
  say(`settling for ${plan.settleS} s, then reading for ${plan.windowS} s`);
  await sleep(plan.settleS * 1_000);
  const readings = startReading(system.processes);
  await sleep(plan.windowS * 1_000);
  const processes = readings()
    .map(({ name, ...figures }) => ({
      name,
      cpuPercent: digits(figures.cpuPercent),
      wakeupsPerSecond: digits(figures.wakeupsPerSecond),
      pssBytes: figures.pssBytes,
      logLinesPerHour: digits(figures.logLinesPerHour),
      logBytesPerHour: digits(figures.logBytesPerHour),
    }))
    .toSorted((a, b) => b.cpuPercent - a.cpuPercent);
  for (const { name, cpuPercent, wakeupsPerSecond, pssBytes, logLinesPerHour } of processes)
    say(
      `${name.padEnd(28)} ${cpuPercent.toFixed(2).padStart(6)} % of a core, ` +
        `${wakeupsPerSecond.toFixed(1).padStart(6)} wake-ups a second, ${(pssBytes / 1e6).toFixed(1).padStart(6)} MB, ${logLinesPerHour.toFixed(0)} log lines an hour`,
    );
  const goals = judged(judgeIdle(processes));
  reportGoals(goals, say);
  say(`memory in all: ${(processes.reduce((sum, { pssBytes }) => sum + pssBytes, 0) / 1e6).toFixed(0)} MB`);
  if (short) say('a short run: nothing was written');
  else
    saveSeen({
      idle: {
        ...{ format: 1, at: new Date().toISOString(), machine: describeMachine(fileSystem), versions: {} },
        ...{ plan, processes, goals },
      },
    });
} finally {
  await system.stop();
}
