import { openSync, writeSync } from 'node:fs';
import type { Job, Measured } from '../job.ts';
import { pssOf, readProcesses } from '../process-readings.ts';
import { quantileOfSorted } from '../statistics.ts';
import { openChannels } from './channel.ts';
import { drive } from './drive.ts';
import { startSink } from './sink.ts';

/**
 * The load: one process, whoever is measured. Does one job (argument 1, JSON) and prints what it measured. It reads the
 * counters of the processes under test itself, so that the window is the same for events, CPU and bytes.
 */
const job = JSON.parse(process.argv[2] ?? '') as Job;
const sink = job.sinkPort === undefined ? undefined : await startSink(job.sinkPort);
const ids = openLines(job.acknowledgedFile);
const due = job.dueFile === undefined ? undefined : openLines(job.dueFile);
const window = { open: false, tookMs: [] as number[] };
let acknowledged = 0;

const channels = await openChannels(job.target, job.concurrency);
const { maxUndelivered, perSecond, events: stopAfter } = job;
const driven = drive({
  channels,
  ...(perSecond === undefined ? {} : { perSecond, pace: job.pace ?? 'spin' }),
  ...(stopAfter === undefined ? {} : { stopAfter }),
  ...(maxUndelivered === undefined || sink === undefined
    ? {}
    : { holdBack: () => acknowledged - sink.delivered >= maxUndelivered }),
  acknowledged: (id, tookMs) => {
    acknowledged += 1;
    ids.add(id);
    if (!window.open) return;
    window.tookMs.push(tookMs);
    due?.add(`${id} ${performance.timeOrigin + performance.now() - tookMs}`);
  },
});
// Whatever fails, fails the job; until then it may not count as unhandled.
driven.finished.catch(() => undefined);

await Promise.race([sleep(job.warmMs), driven.finished]);
const before = readProcesses(job.pids, job);
const deliveredBefore = sink?.delivered ?? 0;
const waitedBefore = driven.waited();
window.open = true;
await Promise.race([sleep(job.measureMs), driven.finished]);
window.open = false;
const after = readProcesses(job.pids, job);
const deliveredAfter = sink?.delivered ?? 0;
const waited = driven.waited() - waitedBefore;
const pssBytes = pssOf(job.pids);
if (job.killPid !== undefined) {
  driven.expectEnd();
  process.kill(job.killPid, 'SIGKILL');
}
await driven.stop();
for (const channel of channels) channel.close();
ids.close();
due?.close();
if (job.deliveredFile !== undefined && sink !== undefined) {
  const delivered = openLines(job.deliveredFile);
  for (const id of sink.ids) delivered.add(id);
  delivered.close();
}
sink?.close();

const windowS = (after.atMs - before.atMs) / 1_000;
const sorted = Float64Array.from(window.tookMs).sort();
const familyS = after.familyCpuS - before.familyCpuS;
const ours = after.cpuS - before.cpuS + after.ownCpuS - before.ownCpuS + familyS;
const measured: Measured = {
  acknowledged,
  delivered: sink?.delivered ?? 0,
  windowMs: windowS * 1_000,
  perSecond: sorted.length / windowS,
  deliveredPerSecond: (deliveredAfter - deliveredBefore) / windowS,
  p50Ms: quantileOfSorted(sorted, 0.5),
  p95Ms: quantileOfSorted(sorted, 0.95),
  p99Ms: quantileOfSorted(sorted, 0.99),
  maxMs: sorted.at(-1) ?? Number.NaN,
  meanMs: sorted.reduce((sum, tookMs) => sum + tookMs, 0) / sorted.length,
  cpuUsPerSecond: ((after.cpuS - before.cpuS) * 1e6) / windowS,
  familyUsPerSecond: (familyS * 1e6) / windowS,
  waited,
  writtenPerSecond: (after.writtenBytes - before.writtenBytes) / windowS,
  devicePerSecond: (after.deviceBytes - before.deviceBytes) / windowS,
  pssBytes,
  foreignCpu:
    Math.max(0, after.machine.workedS - before.machine.workedS - ours) /
    (after.machine.totalS - before.machine.totalS),
  clientCpuUsPerSecond: ((after.ownCpuS - before.ownCpuS) * 1e6) / windowS,
};
process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0));

/** Lines gathered in memory and written in large pieces: a write for each would be the client's main work. */
function openLines(file: string): { add(line: string): void; close(): void } {
  const fd = openSync(file, 'w');
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) writeSync(fd, `${lines.join('\n')}\n`);
    lines = [];
  };
  return {
    add(line) {
      lines.push(line);
      if (lines.length >= 20_000) flush();
    },
    close: flush,
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
