import { cpuOf, familyCpuOf, type MachineTimes, machineTimes, mainThreadCpuOf } from '../proc.ts';
import { countRows } from '../rows.ts';
import { quantileOfSorted } from '../statistics.ts';
import type { Replica, Site, System } from '../system.ts';
import type { Cell, Round } from './result.ts';
import { createFleet } from './send.ts';

export type RoundInput = {
  system: System;
  cell: Cell;
  bodies: readonly Buffer[];
  warmUpMs: number;
  measureMs: number;
};

/**
 * One round of a cell, from a checkpoint on: the first touch of a page after a checkpoint writes the whole page to the
 * WAL, so every round begins equally.
 * @throws Error when the rows in the table are not exactly the acknowledged events: then A8 has lied, or we.
 */
export async function measureRound(input: RoundInput): Promise<Round> {
  const { system, cell, bodies, warmUpMs, measureMs } = input;
  const site = siteOf(system, cell);
  const replicas = site.replicas.slice(0, cell.replicas);
  if (!cell.prefilled) await site.admin.query('TRUNCATE events');
  await site.admin.query('CHECKPOINT');
  const rowsBefore = await countRows(site.admin);
  const fromLsn = await currentLsn(site);
  const fleet = createFleet({
    origins: replicas.map(({ origin }) => origin),
    ...{ senders: cell.senders, window: cell.window, key: system.key, bodies },
  });
  try {
    const warm = await fleet.send(warmUpMs);
    const before = await readings(system, replicas);
    const sent = await fleet.send(measureMs);
    const after = await readings(system, replicas);
    const rows = await countRows(site.admin);
    const expected = rowsBefore + warm.acknowledged + sent.acknowledged;
    if (rows !== expected) throw new Error(`${expected} events were acknowledged, ${rows} rows are there`);
    const wal = await readWal(site, fromLsn, await currentLsn(site));
    const events = sent.acknowledged;
    const each = (now: number, then: number) => ((now - then) * 1e6) / events;
    return {
      eventsPerSecond: (events * 1_000) / sent.elapsedMs,
      p50Ms: quantileOfSorted(sent.writeMs, 0.5),
      p95Ms: quantileOfSorted(sent.writeMs, 0.95),
      p99Ms: quantileOfSorted(sent.writeMs, 0.99),
      hubCpuUs: each(after.hubS, before.hubS),
      hubLoopUs: each(after.loopS, before.loopS),
      postgresCpuUs: each(after.postgresS, before.postgresS),
      senderCpuUs: each(after.senderS, before.senderS),
      walBytes: wal.bytes / (rows - rowsBefore),
      fullPageBytes: wal.fullPageBytes / (rows - rowsBefore),
      rowsSinceCheckpoint: rows - rowsBefore,
      rowsPerCommit: (after.batchRows - before.batchRows) / (after.batches - before.batches),
      rowsBefore,
      ...disturbance(before, after),
    };
  } finally {
    await fleet.close();
  }
}

function siteOf(system: System, cell: Cell): Site {
  const site = system.sites.get(cell.prefilled ? 'filled' : 'empty');
  if (site === undefined) throw new Error('the system was started without this database');
  return site;
}

type Readings = {
  machine: MachineTimes;
  hubS: number;
  loopS: number;
  postgresS: number;
  senderS: number;
  batchRows: number;
  batches: number;
};

async function readings(system: System, replicas: readonly Replica[]): Promise<Readings> {
  const batches = await Promise.all(replicas.map(({ ops }) => readBatches(ops)));
  const own = process.cpuUsage();
  return {
    batchRows: sum(batches.map(({ rows }) => rows)),
    batches: sum(batches.map(({ count }) => count)),
    hubS: sum(replicas.map(({ pid }) => cpuOf(pid))),
    loopS: sum(replicas.map(({ pid }) => mainThreadCpuOf(pid))),
    postgresS: familyCpuOf(system.postgres.pid),
    senderS: (own.user + own.system) / 1e6,
    machine: machineTimes(),
  };
}

/** How many statements A8 has sent, and the rows in them, by its own metric. */
async function readBatches(ops: string): Promise<{ rows: number; count: number }> {
  const text = await (await fetch(`${ops}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  return { rows: value('a8_batch_rows_sum'), count: value('a8_batch_rows_count') };
}

async function currentLsn(site: Site): Promise<string> {
  const { rows } = await site.admin.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
  return rows[0]?.lsn ?? '0/0';
}

async function readWal(
  site: Site,
  from: string,
  to: string,
): Promise<{ bytes: number; fullPageBytes: number }> {
  await site.admin.query('CREATE EXTENSION IF NOT EXISTS pg_walinspect');
  const { rows } = await site.admin.query<{ bytes: string; pages: string }>(
    `SELECT pg_wal_lsn_diff($2::pg_lsn, $1::pg_lsn) AS bytes, sum(fpi_size) AS pages
     FROM pg_get_wal_stats($1::pg_lsn, $2::pg_lsn)`,
    [from, to],
  );
  return { bytes: Number(rows[0]?.bytes), fullPageBytes: Number(rows[0]?.pages ?? 0) };
}

function disturbance(
  before: Readings,
  after: Readings,
): Pick<Round, 'foreignCpu' | 'interruptCpu' | 'busyCpu'> {
  const total = after.machine.totalS - before.machine.totalS;
  const worked = after.machine.workedS - before.machine.workedS;
  const interrupts = after.machine.interruptsS - before.machine.interruptsS;
  const ours = after.hubS - before.hubS + after.postgresS - before.postgresS + after.senderS - before.senderS;
  return {
    foreignCpu: Math.max(0, worked - ours) / total,
    interruptCpu: interrupts / total,
    busyCpu: (worked + interrupts) / total,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
