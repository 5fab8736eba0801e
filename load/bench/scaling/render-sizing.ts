import { bytes, figure, table, whole } from '../markdown.ts';
import { ASSUMPTIONS, limitsOfOne, type PerEvent, sizeFor } from './arithmetic.ts';

const RATES = [1_000, 10_000, 100_000, 1_000_000] as const;
const DAY_S = 86_400;

export function renderLimits(per: PerEvent): string {
  const limits = limitsOfOne(per);
  const days = (rate: number) => figure(limits.rowsInMemory / rate / DAY_S);
  return table(
    ['limit', 'reached at', 'how'],
    [
      [
        'one replica of A8 (its event loop)',
        `${whole(limits.hubReplica)} events/s`,
        `${ASSUMPTIONS.utilisation} s of CPU a second / ${figure(per.hubLoopUs)} us`,
      ],
      [
        `CPU of one PostgreSQL with ${ASSUMPTIONS.databaseCores} cores`,
        `${whole(limits.byCpu)} events/s`,
        `${ASSUMPTIONS.databaseCores} x ${ASSUMPTIONS.utilisation} / ${figure(per.postgresCpuUs)} us`,
      ],
      [
        `its WAL, at ${bytes(ASSUMPTIONS.walBytesPerSecond)}/s`,
        `${whole(limits.byWal)} events/s while the index is small`,
        `${bytes(ASSUMPTIONS.walBytesPerSecond)} x ${ASSUMPTIONS.utilisation} / ${figure(per.walBytes)} B`,
      ],
      [
        `its unique index in ${bytes(ASSUMPTIONS.indexMemoryBytes)} of memory`,
        `${figure(limits.rowsInMemory / 1e9)} thousand million rows`,
        `${bytes(ASSUMPTIONS.indexMemoryBytes)} / ${figure(per.primaryKeyBytes)} B; at 1,000/s after ${days(1_000)} days, at 10,000/s after ${days(10_000)}, at 100,000/s after ${days(100_000)}`,
      ],
    ],
  );
}

/** A million events a second, line by line. */
export function renderSteps(per: PerEvent): string {
  const rate = 1_000_000;
  const sizing = sizeFor(rate, per);
  const { utilisation, databaseCores, retentionDays, copies, walBytesPerSecond, indexMemoryBytes } =
    ASSUMPTIONS;
  const perSecond = `${whole(rate)}/s`;
  const steps = [
    [
      'A8, CPU',
      `${perSecond} x ${figure(per.hubCpuUs)} us / ${utilisation}`,
      `${whole(sizing.hubCores)} cores`,
    ],
    [
      'A8, replicas',
      `${perSecond} x ${figure(per.hubLoopUs)} us of one event loop / ${utilisation}`,
      `${whole(sizing.hubReplicas)} replicas`,
    ],
    [
      'PostgreSQL, CPU',
      `${perSecond} x ${figure(per.postgresCpuUs)} us / ${utilisation}`,
      `${whole(sizing.postgresCores)} cores`,
    ],
    [
      'shards by CPU',
      `${whole(sizing.postgresCores)} / ${databaseCores} cores`,
      `${whole(sizing.shards.byCpu)}`,
    ],
    ['rows kept', `${perSecond} x 86,400 s x ${retentionDays} days`, figureOfRows(sizing.rowsKept)],
    [
      'unique index',
      `${figureOfRows(sizing.rowsKept)} x ${figure(per.primaryKeyBytes)} B`,
      bytes(sizing.primaryKeyBytes),
    ],
    [
      'shards by memory',
      `${bytes(sizing.primaryKeyBytes)} / ${bytes(indexMemoryBytes)}`,
      whole(sizing.shards.byIndexMemory),
    ],
    [
      'WAL an event',
      `${figure(per.walBytes)} B + ${whole(sizing.walBytesPerEvent - per.walBytes)} B of whole pages`,
      `${whole(sizing.walBytesPerEvent)} B`,
    ],
    ['WAL', `${perSecond} x ${whole(sizing.walBytesPerEvent)} B`, `${bytes(sizing.walBytesPerSecond)}/s`],
    [
      'shards by WAL',
      `${bytes(sizing.walBytesPerSecond)}/s / (${bytes(walBytesPerSecond)}/s x ${utilisation})`,
      whole(sizing.shards.byWal),
    ],
    ['disk a day', `${perSecond} x 86,400 s x ${figure(per.tableBytes)} B`, bytes(sizing.tableBytesPerDay)],
    [
      'disk in all',
      `${bytes(sizing.tableBytesPerDay)} x ${retentionDays} days x ${copies} copies`,
      bytes(sizing.keptBytes),
    ],
    [
      'network into A8',
      `${perSecond} x (${whole(per.requestBytes)} + ${whole(per.answerBytes)}) B x 8`,
      `${figure(sizing.intoHubBits / 1e9)} Gbit/s`,
    ],
    [
      'network to PostgreSQL',
      `${perSecond} x ${whole(per.toDatabaseBytes)} B x 8`,
      `${figure(sizing.toDatabaseBits / 1e9)} Gbit/s`,
    ],
    [
      'network to the standbys',
      `${bytes(sizing.walBytesPerSecond)}/s x 8 x ${copies - 1}`,
      `${figure((sizing.walBytesPerSecond * 8 * (copies - 1)) / 1e9)} Gbit/s`,
    ],
    [
      'forwarders',
      `${perSecond} x ${ASSUMPTIONS.writeSeconds} s / ${ASSUMPTIONS.forwarderWindow} in flight`,
      `${whole(sizing.forwarders)} at least`,
    ],
  ];
  return table(['step', 'arithmetic', 'result'], steps);
}

export function renderSizing(per: PerEvent, retentionDays: number): string {
  const rows = RATES.map((rate) => {
    const sizing = sizeFor(rate, per, { ...ASSUMPTIONS, retentionDays });
    const { byCpu, byWal, byIndexMemory } = sizing.shards;
    return [
      whole(rate),
      `${figure(sizing.hubCores)} (${whole(sizing.hubReplicas)})`,
      figure(sizing.postgresCores),
      `${bytes(sizing.walBytesPerSecond)}/s`,
      bytes(sizing.tableBytesPerDay),
      bytes(sizing.keptBytes),
      bytes(sizing.primaryKeyBytes),
      `${figure(sizing.intoHubBits / 1e9)} Gbit/s`,
      `${whole(byCpu)} / ${whole(byWal)} / ${whole(byIndexMemory)}`,
    ];
  });
  return table(
    [
      'events/s',
      'A8 cores (replicas)',
      'PostgreSQL cores',
      'WAL',
      'disk a day',
      `disk, ${retentionDays === 1 ? '1 day' : `${retentionDays} days`}, ${ASSUMPTIONS.copies} copies`,
      'unique index',
      'into A8',
      'shards by CPU / WAL / index memory',
    ],
    rows,
  );
}

function figureOfRows(rows: number): string {
  return `${figure(rows / 1e12)} million million rows`;
}
