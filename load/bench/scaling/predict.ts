import type { Calibration } from './calibrate.ts';
import type { Comparison, MeasuredCell, Played } from './result.ts';
import { type Costs, type Prediction, type Scenario, simulate } from './simulate.ts';
import { POLICIES } from './simulate-hub.ts';
import { round } from './summarize.ts';

/** One way over loopback with its wake-up. Not measured: an assumption, named in docs/SCALING.md. */
const NETWORK_US = 30;
/** What a machine for a database has in the scenarios. */
const CORES_OF_SHARD = 8;
const SEED = 20_261_129;

/**
 * Costs of a part: of A8 and the senders by the CPU of the two cells with one replica and an empty table, of PostgreSQL
 * by its statement alone. No rate and no latency of any cell goes into them, and nothing of two replicas.
 * A8's CPU an event is u(n) = each + statement / n with n rows a statement: two cells, two unknowns.
 */
export function costsOfParts(
  calibration: Calibration['costs'],
  cells: { single: MeasuredCell; reference: MeasuredCell },
): Costs {
  const single = cells.single.median;
  const { hubCpuUs, hubLoopUs, senderCpuUs, rowsPerCommit } = cells.reference.median;
  const hubStatementUs = Math.max(
    0,
    (single.hubLoopUs - hubLoopUs) / (1 / single.rowsPerCommit - 1 / rowsPerCommit),
  );
  return {
    ...calibration,
    sendUs: senderCpuUs,
    hubStatementUs,
    hubLoopUs: Math.max(0, hubLoopUs - hubStatementUs / rowsPerCommit),
    hubHelperUs: Math.max(0, hubCpuUs - hubLoopUs),
    networkUs: NETWORK_US,
  };
}

/**
 * The measured cells with an empty table, played: everything on one machine, with the disturbance of those rounds. A
 * single post costs its sender more, because nothing shares its wake-ups; the sender is ours, so its own cell tells it.
 */
export function compare(costs: Costs, cells: readonly MeasuredCell[], cores: number): Comparison[] {
  return cells
    .filter(({ prefilled }) => !prefilled)
    .map(({ name, senders, window, replicas, median }) => {
      const { eventsPerSecond, p50Ms, p95Ms, rowsPerCommit } = median;
      const { senderCpuUs, foreignCpu, interruptCpu } = median;
      const sendUs = window === 1 ? senderCpuUs : costs.sendUs;
      const predicted = play(
        { ...costs, sendUs },
        {
          ...{ senders, window, replicas, shards: 1, policy: 'mixed', seed: SEED },
          machines: { kind: 'one', cores, othersShare: foreignCpu + interruptCpu },
          ...{ warmUpS: 0.5, seconds: 3 },
        },
      );
      return { cell: name, measured: { eventsPerSecond, p50Ms, p95Ms, rowsPerCommit }, predicted };
    });
}

/** More replicas over one PostgreSQL, each process on a machine of its own, seven forwarders for each replica. */
export function playReplicas(costs: Costs): Played[] {
  return [1, 2, 4, 8, 16].map((replicas) =>
    played(costs, `${replicas}`, {
      ...{ senders: 7 * replicas, window: 32, replicas, shards: 1, policy: 'mixed', seed: SEED },
      machines: { kind: 'separate', coresOfShard: CORES_OF_SHARD },
      ...{ warmUpS: 0.5, seconds: 2 },
    }),
  );
}

/** Four shards; the disk of one hangs from second 3 to second 23 of 30. */
export function playStalls(costs: Costs): Played[] {
  return POLICIES.map((policy) =>
    played(costs, policy, {
      ...{ senders: 7, window: 32, replicas: 2, shards: 4, policy, seed: SEED },
      machines: { kind: 'separate', coresOfShard: CORES_OF_SHARD },
      ...{ warmUpS: 0.5, seconds: 30, stall: { fromS: 3, toS: 23 } },
    }),
  );
}

function played(costs: Costs, name: string, scenario: Scenario): Played {
  return { name, scenario, prediction: play(costs, scenario) };
}

function play(costs: Costs, scenario: Scenario): Prediction {
  const prediction = simulate(costs, scenario);
  return {
    eventsPerSecond: round(prediction.eventsPerSecond),
    p50Ms: round(prediction.p50Ms),
    p95Ms: round(prediction.p95Ms),
    p99Ms: round(prediction.p99Ms),
    rowsPerStatement: round(prediction.rowsPerStatement),
    perSecond: prediction.perSecond,
  };
}
