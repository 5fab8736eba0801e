import { isAppLabel, type RepairRecord, type TruthRow } from '@scholar/contract';
import { appNumber, type Judged } from '../audit/judged.ts';
import { describeRemedy, type ServedLabel } from '../audit/remedy.ts';
import type { Target } from '../target/target.ts';
import type { Verification } from '../verify/verify.ts';
import type { Undone } from './end-repairs.ts';
import { isSame, type Repaired, type StepTimes } from './repair.ts';

export interface RecordContext {
  at: string;
  target: Target['kind'];
  repaired: Repaired;
  undone: ReadonlyMap<ServedLabel, Undone>;
  proof: Pick<Verification, 'table'>;
}

/** Pure: one drift, what was done about it, and the event that proves it, as A8 keeps it. */
export function recordOf(finding: Judged, context: RecordContext): RepairRecord {
  const { at, target, repaired, undone, proof } = context;
  const { label, remedies } = finding;
  const mine = remedies.length > 0;
  const failure = mine ? repaired.failures.get(label) : undefined;
  const taken = mine ? undone.get(label) : undefined;
  const still = repaired.left.some((other) => isSame(other, finding));
  const row = isAppLabel(label) ? proof.table.table.find((each) => each.label === label) : undefined;
  const proven = row === undefined ? !still : row.event.row === true;
  const evidence =
    row?.event.row === true ? { event_id: row.event.event_id ?? '', row_at: row.event.row_at ?? '' } : null;
  const attempt = mine ? repaired.attempts.get(label) : undefined;
  return {
    at,
    target,
    finding: { code: finding.code, app: appNumber(label), summary: finding.summary },
    remedy: remedies.map(describeRemedy).join('; ') || (finding.advice ?? 'ended with the others'),
    before: finding.evidence.join('; '),
    after: [
      ...(mine ? (repaired.changes.get(label) ?? []) : []),
      still ? 'still found' : 'no longer found',
    ].join('; '),
    applied: mine && failure === undefined,
    proof: taken === undefined ? evidence : null,
    ok: !still && proven && taken === undefined,
    detail: detailOf({ failure, taken, still, proven, label }),
    ...(attempt === undefined ? {} : { attempt }),
    rolled_back: taken !== undefined,
    ...stepsOf(finding, { repaired, proven: taken === undefined ? row : undefined }),
  };
}

/** An older A8 refuses a key that it does not know, so there is none without a value. */
function stepsOf(
  finding: Judged,
  { repaired, proven }: { repaired: Repaired; proven: TruthRow | undefined },
): { steps?: StepTimes } {
  const foundAt = repaired.foundAt.get(finding);
  const provenAt = proven?.event.row === true ? proven.hops?.read_at : undefined;
  const steps: StepTimes = {
    ...(foundAt === undefined ? {} : { found_at: foundAt }),
    ...(finding.remedies.length === 0 ? {} : repaired.times.get(finding.label)),
    ...(provenAt === undefined || provenAt === null ? {} : { proven_at: provenAt }),
  };
  return Object.keys(steps).length === 0 ? {} : { steps };
}

interface Outcome {
  failure: string | undefined;
  taken: Undone | undefined;
  still: boolean;
  proven: boolean;
  label: ServedLabel;
}

function detailOf({ failure, taken, still, proven, label }: Outcome): string {
  if (taken !== undefined) {
    const how = taken.complete ? 'rolled back' : 'NOT rolled back';
    return `${how}, because ${taken.why}: ${taken.what.join('; ')}`;
  }
  if (failure !== undefined) return failure;
  if (still) return 'the audit still finds it';
  return proven ? 'proven' : `gone, yet no event of ${label} was read back`;
}
