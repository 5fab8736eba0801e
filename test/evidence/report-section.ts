import { WRITE_P95_BOUND_MS } from '@scholar/operator/audit/checks/write-latency';
import { counted, dayOf, ms, prose } from '@scholar/operator/docs/cells';
import { markdownTable } from '@scholar/operator/docs/sectioned-page';
import { metricValue } from '../../load/run/summary.ts';
import { outagePart } from './outage-part.ts';
import { phaseRows } from './phase-rows.ts';
import { quantileOfHistogram, shareWithin } from './samples.ts';
import { type EvidenceRun, failuresOf, type LoadSeen } from './seen.ts';
import { hubOfLoad } from './windows.ts';

/** Pure: what one run of `make evidence` has shown, as the section of docs/TEST_REPORT.md. @param folder of the pictures, from docs/ */
export function reportSection(run: EvidenceRun, folder: string): string {
  const day = dayOf(at(run.steps[0]?.fromMs));
  const failures = failuresOf(run);
  return [
    `${day} (all times UTC), by \`make evidence\` on a system of its own that began as the brief's broken production. Result: ${failures.length === 0 ? '**everything held**' : `**NOT everything held**`}.`,
    ...machinePart(run),
    ...(failures.length === 0 ? [] : [failures.map((each) => `- **Failed:** ${prose(each)}`).join('\n')]),
    markdownTable(['phase', 'began', 'took', 'retries', 'what came of it'], phaseRows(run, day)),
    picture(folder, 'phases', 'The phases of the run and the state of each app meanwhile'),
    ...driftsPart(run),
    ...(run.load === undefined ? [] : loadPart(run.load, folder)),
    ...(run.outage === undefined ? [] : outagePart(run.outage, (name, alt) => picture(folder, name, alt))),
  ].join('\n\n');
}

const at = (time: number | undefined): string => (time === undefined ? '' : new Date(time).toISOString());

const picture = (folder: string, name: string, alt: string): string => `![${alt}](${folder}/${name}.svg)`;

/** Times of a machine that was busy with other things are times of that. */
function machinePart({ machine }: EvidenceRun): string[] {
  if (machine === undefined) return [];
  const { cores, node, loadBefore, loadAfter } = machine;
  return [
    `Everything ran on one machine of ${counted(cores, 'core')}, Node ${node}; its load average was ${loadBefore.toFixed(1)} before the run and ${loadAfter.toFixed(1)} at its end.`,
  ];
}

/** Phase 0, as the brief wants it: what drifted, the state of A6, and the plan in its order. */
function driftsPart({ findings, ghost, planned, fixed }: EvidenceRun): string[] {
  if (findings === undefined) return [];
  const state =
    ghost && `A6 before the repair: ${ghost.state}; /health: ${ghost.health}; /ready: ${ghost.ready}.`;
  const rows = findings.map(({ app, code: name, severity, summary }, index) => {
    const record = fixed?.repairs.find(({ finding }) => finding.app === app && finding.code === name);
    const outcome = record === undefined ? 'not repaired' : record.ok ? 'proven' : prose(record.detail);
    return [index + 1, app, `[${name}](drifts/${name}.md)`, severity, prose(summary), outcome];
  });
  return [
    '### Phase 0: what was found',
    ...(state === undefined ? [] : [state]),
    markdownTable(['', 'app', 'drift', 'severity', 'what it is', 'repair'], rows),
    ...(planned === undefined
      ? []
      : [
          `The plan, before anything was changed (\`scholar fix --dry-run\`):`,
          planned
            .map(
              ({ label, role, steps }, index) =>
                `${index + 1}. ${label} (${role}): ${steps.map(prose).join('; ')}`,
            )
            .join('\n'),
        ]),
    'What was changed, with the values of before and after: [DIFF_SUMMARY.md](DIFF_SUMMARY.md).',
  ];
}

function loadPart(load: LoadSeen, folder: string): string[] {
  const { engine, summary, comparison, verdict, profile } = load;
  const hub = hubOfLoad(load);
  const write = (stat: string): number => metricValue(summary, 'http_req_duration{op:write}', stat);
  const within = hub && shareWithin(hub, WRITE_P95_BOUND_MS / 1_000);
  const own = load.writes.filter(([, tookMs]) => tookMs <= WRITE_P95_BOUND_MS).length / load.writes.length;
  const percent = (share: number | undefined): string =>
    share === undefined || Number.isNaN(share) ? '-' : `${(share * 100).toFixed(2)} %`;
  const byHub = (share: number): string => ms(hub && quantileOfHistogram(hub, share));
  return [
    '### Write latency under load',
    `Profile \`${profile}\` ([load/scenarios](../load/scenarios/README.md)), ${counted(load.writes.length, 'write')}. \`${verdict}\``,
    markdownTable(
      ['measured by', 'writes', 'P50', 'P95', 'P99', 'slowest', `within ${WRITE_P95_BOUND_MS} ms`],
      [
        [
          engine,
          load.writes.length,
          ms(write('med')),
          ms(write('p(95)')),
          ms(write('p(99)')),
          ms(write('max')),
          percent(own),
        ],
        ['A8 itself', hub?.count ?? null, byHub(0.5), byHub(0.95), byHub(0.99), '-', percent(within)],
      ],
    ),
    `The first measures from the request until the last byte of the answer. A8 measures from the last byte of the event until the receipt, commit included, in a histogram:
its percentiles are linear inside a bucket, its share within ${WRITE_P95_BOUND_MS} ms is exact. A8 also counts what came from elsewhere meanwhile, such as canaries.`,
    ...(comparison === undefined
      ? []
      : [
          `Of ${counted(comparison.acknowledged, 'acknowledged event')} ${comparison.missing.length === 0 ? 'every one is a row' : `**${comparison.missing.length} are no rows**`}: all ids were compared with all rows.`,
        ]),
    picture(folder, 'write-latency', 'P95 of each second, by the load generator and by A8, with the bound'),
    picture(folder, 'p95', 'P50, P95 and P99 of the load generator and of A8 side by side'),
  ];
}
