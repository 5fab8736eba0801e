import { cpus, totalmem } from 'node:os';
import { createBodies } from '../event.ts';
import { machineTimes } from '../proc.ts';
import { prefill, readSizes } from '../rows.ts';
import { median } from '../statistics.ts';
import { type Site, type System, startSystem } from '../system.ts';
import { calibrate } from './calibrate.ts';
import { compare, costsOfParts, playReplicas, playStalls } from './predict.ts';
import type { Cell, MeasuredCell, Round, ScalingResult } from './result.ts';
import { measureRound } from './round.ts';
import { BUSY_SHARE, KEPT_ROUNDS, RULE, round, summarize } from './summarize.ts';

export type Plan = {
  prefilledRows: number;
  calibrationMs: number;
  warmUpMs: number;
  measureMs: number;
  /** Rounds of each cell at most; fewer when the time is over. */
  rounds: number;
  /** How long rounds may wait in all for a quiet machine. Milliseconds. */
  patienceMs: number;
  /** No further pass over the cells begins that would end later than this after the start. Milliseconds. */
  budgetMs: number;
  say: (line: string) => void;
};

/** Seven apps; `window` is the forwarder's MAX_IN_FLIGHT. */
const FORWARDERS = { senders: 7, window: 32 } as const;
const SINGLE = { senders: 1, window: 1 } as const;

export const CELLS: readonly Cell[] = [false, true].flatMap((prefilled) => [
  { name: cellName('single posts', 1, prefilled), ...SINGLE, replicas: 1, prefilled },
  { name: cellName('7 forwarders x 32', 1, prefilled), ...FORWARDERS, replicas: 1, prefilled },
  { name: cellName('7 forwarders x 32', 2, prefilled), ...FORWARDERS, replicas: 2, prefilled },
]);
/** Whose CPU the simulation is given. */
const SINGLE_REFERENCE = cellName('single posts', 1, false);
const REFERENCE = cellName('7 forwarders x 32', 1, false);

function cellName(load: string, replicas: number, prefilled: boolean): string {
  return `${load}, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}, ${prefilled ? 'filled' : 'empty'} table`;
}

/** Starts everything, measures, simulates, ends everything. */
export async function measure(plan: Plan, signal: AbortSignal): Promise<ScalingResult> {
  const startedMs = performance.now();
  const foreignCpuBefore = await sampleForeignCpu(1_000);
  plan.say(`CPU in use by others before the start: ${percent(foreignCpuBefore)}`);
  const system = await startSystem(['empty', 'filled'], 2);
  const stopAtOnce = () => void system.stop();
  signal.addEventListener('abort', stopAtOnce);
  try {
    const [empty, filled] = [siteOf(system, 'empty'), siteOf(system, 'filled')];
    await prefill(filled.admin, plan.prefilledRows);
    const afterPrefill = await readSizes(filled.admin);
    plan.say(`${afterPrefill.rows} rows are there; timing the statement of A8 …`);
    const calibration = await calibrate({ site: empty, key: system.key, sizeMs: plan.calibrationMs });
    const rounds = await measureRounds({ plan, system, startedMs, signal });
    const atEnd = await readSizes(filled.admin);
    const cells = CELLS.map((cell) => summarize(cell, rounds.get(cell) ?? []));
    const medianOfKept = round(median(cells.map((cell) => cell.median.foreignCpu)));
    const costs = costsOfParts(calibration.costs, {
      single: cellOf(cells, SINGLE_REFERENCE),
      reference: cellOf(cells, REFERENCE),
    });
    plan.say('simulating …');
    return {
      format: 1,
      at: new Date().toISOString(),
      machine: describeMachine(system.postgres.version),
      disturbance: {
        foreignCpuBefore: round(foreignCpuBefore),
        medianOfKept,
        busy: medianOfKept > BUSY_SHARE,
      },
      rule: RULE,
      cells,
      sizes: { afterPrefill, atEnd },
      wire: { ...calibration.wire, toDatabaseBytes: round(calibration.wire.toDatabaseBytes) },
      statements: calibration.statements.map((statement) => ({
        ...statement,
        medianUs: round(statement.medianUs),
        cpuUs: round(statement.cpuUs),
      })),
      costs,
      comparisons: compare(costs, cells, cpus().length),
      replicas: playReplicas(costs),
      stalls: playStalls(costs),
    };
  } finally {
    signal.removeEventListener('abort', stopAtOnce);
    await system.stop();
  }
}

/** One round must not use up the patience of all. */
const LONGEST_WAIT_MS = 5_000;

/** Interleaved: one round of every cell, then the next, so that a disturbance falls on all. */
async function measureRounds(input: {
  plan: Plan;
  system: System;
  startedMs: number;
  signal: AbortSignal;
}): Promise<Map<Cell, Round[]>> {
  const { plan, system, startedMs, signal } = input;
  const bodies = createBodies(1_000);
  const rounds = new Map<Cell, Round[]>(CELLS.map((cell) => [cell, []]));
  let longestMs = 0;
  let patienceMs = plan.patienceMs;
  for (let pass = 1; pass <= plan.rounds; pass += 1) {
    const from = performance.now();
    if (pass > 1 && from - startedMs + longestMs > plan.budgetMs) break;
    for (const cell of CELLS) {
      signal.throwIfAborted();
      patienceMs -= await waitForQuiet(Math.min(patienceMs, LONGEST_WAIT_MS));
      const seen = await measureRound({ ...plan, system, cell, bodies });
      rounds.get(cell)?.push(seen);
      plan.say(
        `${pass}. ${cell.name}: ${Math.round(seen.eventsPerSecond)}/s, P95 ${seen.p95Ms.toFixed(1)} ms, ` +
          `others used ${percent(seen.foreignCpu)} of the machine`,
      );
    }
    longestMs = Math.max(longestMs, performance.now() - from);
  }
  const least = Math.min(...[...rounds.values()].map((each) => each.length));
  if (least < KEPT_ROUNDS) plan.say(`Only ${least} rounds of each cell fitted into the time.`);
  return rounds;
}

function siteOf(system: System, name: string): Site {
  const site = system.sites.get(name);
  if (site === undefined) throw new Error(`there is no database ${name}`);
  return site;
}

function cellOf(cells: readonly MeasuredCell[], name: string): MeasuredCell {
  const cell = cells.find((each) => each.name === name);
  if (cell === undefined) throw new Error(`the cell "${name}" was not measured`);
  return cell;
}

/** Share of the machine that is in use while we do nothing. */
async function sampleForeignCpu(ms: number): Promise<number> {
  const before = machineTimes();
  await new Promise((wake) => setTimeout(wake, ms));
  const after = machineTimes();
  return (after.workedS - before.workedS) / (after.totalS - before.totalS);
}

/** Waits until others leave the machine alone, `patienceMs` at most; tells how long it took. Milliseconds. */
async function waitForQuiet(patienceMs: number): Promise<number> {
  const from = performance.now();
  while (performance.now() - from < patienceMs && (await sampleForeignCpu(250)) > BUSY_SHARE);
  return performance.now() - from;
}

function describeMachine(postgres: string): ScalingResult['machine'] {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres,
  };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
