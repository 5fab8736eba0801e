import { APP_LABELS } from '@scholar/contract';
import { WRITE_P95_BOUND_MS } from '@scholar/operator/audit/checks/write-latency';
import { barChart } from '../../load/chart/bar-chart.ts';
import { type LaneChart, laneChart, type Tone } from '../../load/chart/lane-chart.ts';
import { lineChart, type Point } from '../../load/chart/line-chart.ts';
import { metricValue } from '../../load/run/summary.ts';
import { appName, awayBetween, type QueueSample, quantileOfHistogram, sumOf } from './samples.ts';
import { type EvidenceRun, type LoadSeen, type OutageSeen, type StepName, stepOf } from './seen.ts';
import { hubOfLoad, quantilesOfHub, quantilesOfSeconds } from './windows.ts';

const LIMIT = `${WRITE_P95_BOUND_MS} ms`;

/** Every picture of a run by its file's name; of what the run did not come to, none. Pure. */
export function picturesOf(run: EvidenceRun): Record<string, string> {
  const { load, outage } = run;
  return {
    'phases.svg': phasesPicture(run),
    ...(load && { 'write-latency.svg': latencyPicture(load), 'p95.svg': percentilesPicture(load) }),
    ...(outage && { 'outage.svg': outagePicture(outage), 'retries.svg': retriesPicture(outage) }),
  };
}

const PHASES: Partial<Record<StepName, { name: string; short?: string; tone: Tone }>> = {
  start: { name: 'start', tone: 'plain' },
  audit: { name: '0: audit', short: 'audit', tone: 'plain' },
  plan: { name: 'plan', tone: 'plain' },
  fix: { name: '1 and 2: repair', tone: 'changing' },
  verify: { name: '3: prove', tone: 'good' },
};

function phasesPicture(run: EvidenceRun): string {
  const startMs = run.steps[0]?.fromMs ?? 0;
  const steps = run.steps.filter(({ name }) => name in PHASES);
  const endMs = Math.max(startMs + 1_000, ...steps.map(({ toMs }) => toMs));
  const seconds = (ms: number): number => (ms - startMs) / 1_000;
  const spans = steps.flatMap(({ name, fromMs, toMs }) => {
    const phase = PHASES[name];
    return phase === undefined ? [] : [{ ...phase, from: seconds(fromMs), to: seconds(toMs) }];
  });
  const lanes = APP_LABELS.map((label) => ({
    name: appName(label),
    spans: statesOf(run, label, endMs).map(({ fromMs, toMs, ...of }) => ({
      ...{ ...of, from: seconds(fromMs), to: seconds(toMs) },
    })),
  }));
  return laneChart({
    title: 'From broken to proven',
    about:
      'Red: a drift is there. Amber: repaired, not proven yet. Green: a row of its canary was read back.',
    x: { unit: 's', low: 0, high: seconds(endMs) },
    lanes: [{ name: 'phase', spans }, ...lanes] satisfies LaneChart['lanes'],
  });
}

/** An app is nothing before it was looked at, red from a finding on, amber when it was changed, green at its row. */
function statesOf(run: EvidenceRun, label: (typeof APP_LABELS)[number], endMs: number) {
  const readyMs = stepOf(run, 'start')?.toMs ?? 0;
  const row = run.proof?.table.find((each) => each.label === label);
  const repairs = (run.fixed?.repairs ?? []).filter(({ finding }) => finding.app === row?.app);
  const codes = new Set((run.findings ?? []).filter(({ app }) => app === row?.app).map(({ code }) => code));
  const times = (key: 'applied_at' | 'proven_at') =>
    repairs.flatMap(({ steps }) => Date.parse(steps?.[key] ?? '') || []);
  const rowMs = Date.parse(row?.verdict === 'green' ? (row.event.row_at ?? '') : '') || endMs;
  const provenMs = times('proven_at').length > 0 ? Math.max(...times('proven_at')) : rowMs;
  const appliedMs = times('applied_at').length > 0 ? Math.min(...times('applied_at')) : provenMs;
  const before =
    codes.size > 0
      ? {
          tone: 'bad' as const,
          name: [...codes].join(', '),
          short: `${codes.size} drift${codes.size === 1 ? '' : 's'}`,
        }
      : { tone: 'plain' as const, name: 'not proven yet' };
  return [
    { fromMs: readyMs, toMs: Math.min(appliedMs, endMs), ...before },
    { fromMs: appliedMs, toMs: Math.min(provenMs, endMs), tone: 'changing' as const, name: 'repaired' },
    { fromMs: provenMs, toMs: endMs, tone: 'good' as const, name: 'proven by a row' },
  ].filter(({ fromMs, toMs }) => toMs > fromMs);
}

function latencyPicture({ engine, writes, hub }: LoadSeen): string {
  const startMs = writes[0]?.[0] ?? 0;
  const seen = quantilesOfSeconds(writes, 0.95);
  return lineChart({
    title: 'Write latency under load, second by second',
    about: `Of each second's writes. Good: every line stays below ${LIMIT}.`,
    x: { unit: 's', low: 0, high: Math.max(1, Math.ceil(((writes.at(-1)?.[0] ?? 0) - startMs) / 1_000)) },
    y: { unit: 'ms', log: true },
    series: [
      { name: `P95 by ${engine}`, points: seen },
      { name: 'P95 by A8 itself', points: quantilesOfHub(hub, 0.95, startMs) },
      { name: `median by ${engine}`, points: quantilesOfSeconds(writes, 0.5) },
    ],
    limits: [{ y: WRITE_P95_BOUND_MS, name: LIMIT }],
  });
}

function percentilesPicture(load: LoadSeen): string {
  const hub = hubOfLoad(load);
  const group = (name: string, stat: string, share: number) => ({
    name,
    bars: [
      { name: load.engine, value: metricValue(load.summary, 'http_req_duration{op:write}', stat) },
      { name: 'A8 itself', value: (hub && quantileOfHistogram(hub, share)) ?? 0 },
    ],
  });
  return barChart({
    title: 'The same writes, by two clocks',
    about:
      'From the request until the last byte of the answer, and in A8 until the receipt, commit included.',
    unit: 'ms',
    log: true,
    groups: [group('P50', 'med', 0.5), group('P95', 'p(95)', 0.95), group('P99', 'p(99)', 0.99)],
    limit: { value: WRITE_P95_BOUND_MS, name: LIMIT },
  });
}

/** x of a sample, and where A8 was away. */
function timesOf(queues: readonly QueueSample[]) {
  const startMs = queues[0]?.atMs ?? 0;
  const at = (ms: number): number => (ms - startMs) / 1_000;
  const away = awayBetween(queues);
  return {
    at,
    x: { unit: 's', low: 0, high: Math.max(1, Math.ceil(at(queues.at(-1)?.atMs ?? 0))) },
    bands: away === undefined ? [] : [{ from: at(away.fromMs), to: at(away.toMs), name: 'A8 away' }],
  };
}

function outagePicture({ queues }: OutageSeen): string {
  const { at, x, bands } = timesOf(queues);
  const [first] = queues;
  const series = (name: string, what: 'appended' | 'delivered' | 'waiting', base: number) => ({
    name,
    points: queues.map((sample): Point => [at(sample.atMs), sumOf(sample, what) - base]),
  });
  return lineChart({
    title: 'Events while A8 is away',
    about: 'Good: what users cause goes on without a dent, waits on disk, and is delivered when A8 is back.',
    x,
    y: { unit: 'events' },
    series: [
      series('taken by the forwarders', 'appended', first === undefined ? 0 : sumOf(first, 'appended')),
      series('confirmed by A8', 'delivered', first === undefined ? 0 : sumOf(first, 'delivered')),
      series('waiting on disk', 'waiting', 0),
    ],
    bands,
  });
}

function retriesPicture({ queues, apps }: OutageSeen): string {
  const { at, x, bands } = timesOf(queues);
  return lineChart({
    title: 'Attempts that had to be repeated',
    about:
      'By the forwarder of each app. Good: few while A8 is away, since they pause longer and longer, and none after it.',
    x,
    y: { unit: 'retries' },
    series: apps.map((label) => ({
      name: appName(label),
      step: true,
      points: queues.flatMap(({ atMs, apps: of }): Point[] => {
        const now = of[label];
        return now === undefined ? [] : [[at(atMs), now.retries - (queues[0]?.apps[label]?.retries ?? 0)]];
      }),
    })),
    bands,
  });
}
