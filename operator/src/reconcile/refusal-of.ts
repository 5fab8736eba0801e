import type { ServedLabel } from '../audit/remedy.ts';
import { claim, type LedgerEntry, type Limits } from '../remedy/budget.ts';
import type { LedgerStore } from '../remedy/ledger.ts';
import { REPAIRED_LABELS } from '../target/target.ts';
import type { Refusal } from './intent-of.ts';

/** Asks the ledger before a repair is announced, so that a refusal is no failed repair. It takes no claim. */
export async function refusalOf(
  store: Pick<LedgerStore, 'read'>,
  label: ServedLabel,
  by: { holder: string; nowMs: number; limits: Limits },
): Promise<Refusal> {
  const entries = await Promise.all(
    REPAIRED_LABELS.map(async (each) => ({ label: each, entry: (await store.read(each)).entry })),
  );
  return judgeRefusal(entries, label, by);
}

/** Pure. Exhausted is what is refused for the count of repairs alone. */
export function judgeRefusal(
  entries: readonly { label: ServedLabel; entry: LedgerEntry }[],
  label: ServedLabel,
  { holder, nowMs, limits }: { holder: string; nowMs: number; limits: Limits },
): Refusal {
  const mine = entries.find((each) => each.label === label)?.entry;
  if (mine === undefined) return { why: `nothing is known of the repairs of ${label}`, exhausted: false };
  const others = entries.filter((each) => each.label !== label).map(({ entry }) => entry);
  const asked = (bounds: Limits) => claim(mine, { label, holder, nowMs, limits: bounds, others });
  const claimed = asked(limits);
  if (!('refused' in claimed)) return undefined;
  const boundless = { ...limits, maxPerAppPerHour: Infinity, maxPerHour: Infinity };
  return { why: claimed.refused, exhausted: !('refused' in asked(boundless)) };
}
