import { isAppLabel } from '@scholar/contract';
import type { Remedy, ServedLabel } from '../audit/remedy.ts';
import type { Verification } from '../verify/verify.ts';
import { isSame, type Repaired } from './repair.ts';

/** Send what is there and change nothing; whoever applies one says whether the events arrived. */
const SENDS: ReadonlySet<Remedy['kind']> = new Set(['replay', 'replay_dead', 'drain_claim']);

/**
 * Pure: why a repair does not count as proven; undefined when it does. An app needs a row that was read back, and every
 * finding for which something was changed must be gone; one whose only remedy was to send events again changes nothing.
 */
export function notProven(
  label: ServedLabel,
  repaired: Repaired,
  proof: Pick<Verification, 'table'>,
): string | undefined {
  const failure = repaired.failures.get(label);
  if (failure !== undefined) return failure;
  const changed = repaired.drifts.filter(
    (finding) => finding.label === label && finding.remedies.some(({ kind }) => !SENDS.has(kind)),
  );
  const still = changed.filter((finding) => repaired.left.some((other) => isSame(other, finding)));
  if (still.length > 0) return `the audit still finds ${still.map(({ code }) => code).join(', ')}`;
  if (!isAppLabel(label)) return undefined;
  const row = proof.table.table.find((each) => each.label === label);
  return row?.event.row === true ? undefined : `no event of ${label} was read back`;
}
