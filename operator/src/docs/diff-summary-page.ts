import type { RepairRecord } from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { Operated } from '../evidence/operated.ts';
import { clock, code, counted, dayOf, prose, secondsBetween } from './cells.ts';
import { clusterLine } from './cluster-line.ts';
import { markdownTable } from './sectioned-page.ts';

export interface DiffSummary {
  /** Oldest first. */
  records: readonly RepairRecord[];
  /** Drifts that are there now. */
  left: readonly Pick<Judged, 'code' | 'label' | 'summary'>[];
  /** Only of a cluster, where A8's tables tell what happened around the repairs. */
  operated?: Operated | undefined;
}

/** Pure: docs/DIFF_SUMMARY.md, each drift, the change that ended it and the row that proves it. */
export function diffSummaryPage({ records, left, operated }: DiffSummary): string {
  const day = dayOf(records[0]?.steps?.found_at ?? records[0]?.at ?? '');
  const proven = records.filter(({ ok }) => ok).length;
  return [
    `${day} (all times UTC): ${counted(records.length, 'drift')}, ${proven} repaired and proven. ${left.length === 0 ? 'Nothing is left.' : `${left.length} left.`}`,
    ...(operated === undefined
      ? []
      : [clusterLine(operated.cluster), ...around(operated), ...byOperator(operated)]),
    ...(left.length === 0 ? [] : [leftPart(left)]),
    overview(records, day),
    ...records.flatMap((record, index) => onePart(record, { number: index + 1, day })),
  ].join('\n\n');
}

function leftPart(left: DiffSummary['left']): string {
  return left
    .map(({ code: name, label, summary }) => `- Left: ${label} ${code(name)}: ${prose(summary)}`)
    .join('\n');
}

/** How long it took, by the clock of A8's database. */
function around({ broken, healed }: Operated): string[] {
  if (broken === undefined) return [];
  const size = broken.table.table.length;
  const before = `A8's table \`verdicts\` has ${broken.green} of ${size} green at ${broken.receivedAt} (number ${broken.id})`;
  if (healed === undefined) return [`${before}, and no table since in which all are green.`];
  const took = secondsBetween(broken.receivedAt, healed.receivedAt);
  return [
    `${before}, and ${healed.green} of ${healed.table.table.length} at ${healed.receivedAt} (number ${healed.id}), ${took} later.`,
  ];
}

/** Who repaired is in no record; the operator lists what it did in the status of its table. */
function byOperator({ cluster, repairs }: Operated): string[] {
  return (cluster.tables ?? []).flatMap(({ name, status }) => {
    const mine = repairs.filter(({ record }) =>
      (status.repairs ?? []).some(({ at, finding }) => at === record.at && finding === record.finding.code),
    );
    return mine.length === 0
      ? []
      : [
          `${mine.length} of these repairs ${mine.length === 1 ? 'is' : 'are'} in the status of the TruthTable ${code(name)}: the operator made ${mine.length === 1 ? 'it' : 'them'}.`,
        ];
  });
}

function overview(records: readonly RepairRecord[], day: string): string {
  // This machine has nobody who could try a change without making it.
  const isTried = records.some(({ steps }) => steps?.dry_run_at !== undefined);
  const rows = records.map((record, index) => {
    const { steps = {} } = record;
    return [
      `${index + 1}. ${record.finding.app} ${code(record.finding.code)}`,
      clock(steps.found_at ?? record.at, day),
      ...(isTried ? [clock(steps.dry_run_at, day)] : []),
      clock(steps.applied_at, day),
      clock(steps.proven_at, day),
      outcome(record),
    ];
  });
  return markdownTable(
    ['drift', 'found', ...(isTried ? ['dry run'] : []), 'applied', 'row read back', 'result'],
    rows,
  );
}

function outcome({ ok, rolled_back, applied }: RepairRecord): string {
  if (ok) return 'proven';
  if (rolled_back === true) return 'rolled back';
  return applied ? 'NOT proven' : 'not applied';
}

function onePart(record: RepairRecord, { number, day }: { number: number; day: string }): string[] {
  const { finding, before, remedy, after, proof, detail, attempt, ok } = record;
  const lines = [
    ...(before === '' ? [] : [`- Before: ${short(before)}`]),
    `- Change: ${prose(remedy)}${attempt === undefined ? '' : ` (attempt ${attempt} of the hour)`}`,
    `- After: ${prose(after)}`,
    proof === null
      ? '- Proof: none'
      : `- Proof: event ${code(proof.event_id)}, row written ${clock(proof.row_at, day)}`,
    ...(ok ? [] : [`- Result: ${prose(detail)}`]),
  ];
  return [`### ${number}. ${finding.app} ${code(finding.code)}`, prose(finding.summary), lines.join('\n')];
}

/** The end of a dead process's log is worth more than its beginning, and the code of a finding more than both. */
const MOST_EVIDENCE = 600;

function short(evidence: string): string {
  const text = prose(evidence);
  return text.length <= MOST_EVIDENCE
    ? text
    : `${text.slice(0, MOST_EVIDENCE)} … (the rest is in A8's table \`repairs\`)`;
}
