import { APPS, type RepairRecord } from '@scholar/contract';
import { clock } from '@scholar/operator/docs/cells';
import { sumOf } from './samples.ts';
import { type EvidenceRun, type StepName, stepOf } from './seen.ts';

/** The brief's revenue path; the other apps are its nervous system. */
const REVENUE: readonly string[] = [APPS.scholarship_api.number, APPS.provider_register.number];

type Row = (string | number | null)[];

/** Pure: a line for each phase of the brief and for what came after; what the run did not come to has none. */
export function phaseRows(run: EvidenceRun, day: string): Row[] {
  const { findings, planned, fixed, proof, load, outage } = run;
  const of = (name: StepName, title: string, retries: number | null, came: string | undefined): Row[] => {
    const step = stepOf(run, name);
    if (step === undefined) return [];
    const { fromMs, toMs, failure } = step;
    const told = [...(failure === undefined ? [] : ['**failed**']), ...(came === undefined ? [] : [came])];
    return [[title, clock(iso(fromMs), day), seconds(toMs - fromMs), retries, told.join('; ') || 'done']];
  };
  return [
    ...of('start', 'Start, as the brief found it', null, undefined),
    ...of('audit', '0 Deep discovery', null, findings && `${findings.length} drifts found`),
    ...of('plan', '0 Plan', null, planned && `${planned.length} processes to change, nothing changed`),
    ...repaired(run, '1 Bloodline (A2, A6)', day, (app) => REVENUE.includes(app)),
    ...repaired(run, '2 Nervous system (the others)', day, (app) => !REVENUE.includes(app)),
    ...of(
      'fix',
      '1 and 2 together, with a truth table at the end',
      null,
      fixed && `${fixed.left.length} drifts left`,
    ),
    ...of(
      'verify',
      '3 Truth table, simulations, guards',
      proof === undefined ? null : retriesOf(proof),
      proof &&
        `${proof.table.filter(({ verdict }) => verdict === 'green').length} of ${proof.table.length} green`,
    ),
    ...of('load', 'Load', null, load && (load.passed ? 'bounds held, nothing lost' : 'a bound was broken')),
    ...of(
      'outage',
      'A8 away',
      outage === undefined ? null : retriesIn(outage),
      outage && `${outage.fates.rows} of ${outage.fates.sent} events are rows`,
    ),
  ];
}

const iso = (time: number): string => new Date(time).toISOString();
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** From the look that found the first drift of these apps until the last row that proves a repair. */
function repaired(
  { fixed }: EvidenceRun,
  title: string,
  day: string,
  isOurs: (app: string) => boolean,
): Row[] {
  const records = (fixed?.repairs ?? []).filter(({ finding }) => isOurs(finding.app));
  const times = (key: 'found_at' | 'proven_at') =>
    records.flatMap(({ steps }: RepairRecord) => Date.parse(steps?.[key] ?? '') || []);
  const [found, proven] = [times('found_at'), times('proven_at')];
  if (found.length === 0) return [];
  const [fromMs, toMs] = [Math.min(...found), Math.max(...proven)];
  const ok = records.filter((record) => record.ok).length;
  const attempts = records.reduce((most, { attempt = 0 }) => Math.max(most, attempt), 0);
  return [
    [
      title,
      clock(iso(fromMs), day),
      proven.length === 0 ? '-' : seconds(toMs - fromMs),
      Math.max(0, attempts - 1),
      `${ok} of ${records.length} repaired and proven by a row`,
    ],
  ];
}

function retriesOf({ table, simulations }: NonNullable<EvidenceRun['proof']>): number {
  const rows = table.map(({ event }) => event.retries ?? 0);
  return [...rows, ...simulations.map(({ retries }) => retries ?? 0)].reduce((sum, each) => sum + each, 0);
}

function retriesIn({ queues }: NonNullable<EvidenceRun['outage']>): number | null {
  const [first, last] = [queues[0], queues.at(-1)];
  return first === undefined || last === undefined ? null : sumOf(last, 'retries') - sumOf(first, 'retries');
}
