import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '../client/run-job.ts';
import { familyCpuOf, machineTimes, parseProcessTimes } from '../proc.ts';
import { readIds } from '../read-ids.ts';
import type { Site } from '../system.ts';
import { type Cell, CONNECTIONS } from './cells.ts';
import { runPgbench, type Script } from './pgbench.ts';
import { clearTable, prepareTable, verifyCount, verifyIds } from './table.ts';

/** What one round saw. An event is one acknowledged request, or one row of pgbench. CPU in microseconds an event. */
export type Round = {
  perSecond: number;
  /** NaN for pgbench, which tells the average alone. */
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  averageMs: number;
  serverCpuUs: number;
  databaseCpuUs: number;
  loadCpuUs: number;
  /** Events that found no free connection when they were due. */
  waited: number;
  foreignCpu: number;
};

/** A server under test: where it listens, and which process is its own. */
export type Served = { port: number; pid: number };

export type RoundInput = {
  cell: Cell;
  site: Site;
  postgresPid: number;
  key: string;
  folder: string;
  warmMs: number;
  measureMs: number;
};

/** Load on a server, then every acknowledged id looked for. @throws Error when one is no row, or a row was not acknowledged */
export async function measureServer(server: Served, input: RoundInput): Promise<Round> {
  const { cell, site, folder, warmMs, measureMs, key, postgresPid } = input;
  const before = await prepareTable(site, cell.table);
  mkdirSync(folder, { recursive: true });
  const acknowledgedFile = join(folder, 'acknowledged');
  try {
    const measured = await runJob(
      {
        target: { protocol: 'hub', ports: [server.port], senders: 7, key },
        concurrency: CONNECTIONS,
        ...(cell.perSecond === undefined ? {} : { perSecond: cell.perSecond, pace: 'timer' }),
        ...{ warmMs, measureMs, pids: [server.pid], family: postgresPid, acknowledgedFile },
      },
      'any',
    );
    await verifyIds(site, before, readIds(acknowledgedFile));
    const { perSecond, p50Ms, p95Ms, p99Ms, meanMs, waited, foreignCpu } = measured;
    return {
      ...{ perSecond, p50Ms, p95Ms, p99Ms, averageMs: meanMs, waited, foreignCpu },
      serverCpuUs: measured.cpuUsPerSecond / perSecond,
      databaseCpuUs: measured.familyUsPerSecond / perSecond,
      loadCpuUs: measured.clientCpuUsPerSecond / perSecond,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await clearTable(site, cell.table, before);
  }
}

/** pgbench counts the time in which its clients connect, and a busy machine needs long for 64 of them. */
const FEWEST_SECONDS = 3;

/** pgbench, for whole seconds. @throws Error when the rows are not those of its transactions */
export async function measurePgbench(
  { script, clients }: { script: Script; clients: number },
  input: RoundInput,
): Promise<Round> {
  const { cell, site, folder, warmMs, measureMs, postgresPid } = input;
  const before = await prepareTable(site, cell.table);
  mkdirSync(folder, { recursive: true });
  const run = (ms: number) =>
    runPgbench({
      url: site.url,
      script,
      clients,
      seconds: Math.max(FEWEST_SECONDS, Math.round(ms / 1_000)),
      folder,
    });
  try {
    const warm = await run(warmMs);
    const from = readings(postgresPid);
    const seen = await run(measureMs);
    const to = readings(postgresPid);
    await verifyCount(site, before, (warm.transactions + seen.transactions) * script.rows);
    const events = seen.transactions * script.rows;
    const ours = to.databaseS - from.databaseS + to.childrenS - from.childrenS;
    const total = to.machine.totalS - from.machine.totalS;
    return {
      perSecond: seen.perSecond * script.rows,
      ...{ p50Ms: Number.NaN, p95Ms: Number.NaN, p99Ms: Number.NaN, averageMs: seen.averageMs },
      serverCpuUs: 0,
      databaseCpuUs: ((to.databaseS - from.databaseS) * 1e6) / events,
      loadCpuUs: ((to.childrenS - from.childrenS) * 1e6) / events,
      waited: 0,
      foreignCpu: Math.max(0, to.machine.workedS - from.machine.workedS - ours) / total,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await clearTable(site, cell.table, before);
  }
}

/** pgbench ends with its round, so its time is that of our ended children. */
function readings(postgresPid: number) {
  return {
    databaseS: familyCpuOf(postgresPid),
    childrenS: parseProcessTimes(readFileSync('/proc/self/stat', 'utf8')).endedChildrenS,
    machine: machineTimes(),
  };
}
