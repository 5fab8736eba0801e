import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { measure, percent } from './measure.ts';
import { compare, playReplicas, playStalls } from './predict.ts';
import type { ScalingResult } from './result.ts';
import { replaces } from './summarize.ts';

/**
 * `make scaling`: measures, simulates, writes load/bench/results/scaling.json.
 * `--seconds=N` begins no further pass over the cells after N seconds (310): a short attempt for a moment that is quiet.
 * `--simulate` plays the simulation anew over the figures that are there; `--replace` writes whatever the disturbance.
 */
const FILE = new URL('../results/scaling.json', import.meta.url);
const LONGEST_MS = 360_000;
const USUAL_S = 310;

const known = readKnown();
const again = process.argv.includes('--simulate');
const result = again ? simulateAgain(known) : await measureWithin(LONGEST_MS);
report(result);
if (again || process.argv.includes('--replace') || replaces(known, result)) {
  mkdirSync(new URL('.', FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(result, null, 2)}\n`);
} else {
  console.warn(
    '\nNot written: the known result of this machine and day was less disturbed (--replace writes it anyway).',
  );
}

function readKnown(): ScalingResult | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as ScalingResult) : undefined;
}

async function measureWithin(longestMs: number): Promise<ScalingResult> {
  const budgetMs = secondsOf(process.argv) * 1_000;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new Error(`not done after ${longestMs / 1_000} s`)), longestMs);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => over.abort(new Error(`ended by ${name}`)));
  }
  try {
    return await measure(
      {
        ...{ prefilledRows: 300_000, calibrationMs: 1_500, warmUpMs: 500, measureMs: 2_000 },
        ...{ rounds: 11, patienceMs: budgetMs / 3, budgetMs },
        say: (line) => console.log(line),
      },
      over.signal,
    );
  } finally {
    clearTimeout(timer);
  }
}

function secondsOf(args: readonly string[]): number {
  const given = args.find((arg) => arg.startsWith('--seconds='))?.split('=')[1];
  const seconds = Number(given ?? USUAL_S);
  if (!(seconds > 0 && seconds <= USUAL_S)) throw new Error(`--seconds takes 1 to ${USUAL_S}`);
  return seconds;
}

function simulateAgain(known: ScalingResult | undefined): ScalingResult {
  if (known === undefined) throw new Error('nothing was measured yet: run without --simulate first');
  const { costs, cells, machine } = known;
  return {
    ...known,
    comparisons: compare(costs, cells, machine.cores),
    replicas: playReplicas(costs),
    stalls: playStalls(costs),
  };
}

function report({ cells, comparisons, disturbance }: ScalingResult): void {
  console.log(`\n${'median of the kept rounds'.padEnd(52)}   events/s  +-     P95 ms  A8 us  PG us  WAL B`);
  for (const { name, median, deviation } of cells) {
    const figures = [
      median.eventsPerSecond.toFixed(0).padStart(9),
      deviation.eventsPerSecond.toFixed(0).padStart(6),
      median.p95Ms.toFixed(1).padStart(8),
      median.hubCpuUs.toFixed(0).padStart(6),
      median.postgresCpuUs.toFixed(0).padStart(6),
      median.walBytes.toFixed(0).padStart(6),
    ];
    console.log(`${name.padEnd(52)} ${figures.join(' ')}`);
  }
  console.log('\nsimulated against measured');
  for (const { cell, measured, predicted } of comparisons) {
    const rate = predicted.eventsPerSecond / measured.eventsPerSecond - 1;
    const late = predicted.p95Ms / measured.p95Ms - 1;
    console.log(
      `${cell.padEnd(52)} ${predicted.eventsPerSecond.toFixed(0)}/s (${percent(rate)}), ` +
        `P95 ${predicted.p95Ms.toFixed(1)} ms (${percent(late)})`,
    );
  }
  if (disturbance.busy) {
    console.warn(
      `\nWARNING: the machine was busy: others used ${percent(disturbance.medianOfKept)} of it even in the kept rounds. ` +
        'Rates and latencies are too low and too high; measure again on a quiet machine.',
    );
  }
}
