import { randomBytes, randomUUID } from 'node:crypto';
import type { AppLabel, TruthRow } from '@scholar/contract';
import type { Target } from '../../target/target.ts';
import { type GuardReport, judgeGuards, nothingTried } from './judge-guards.ts';
import { type GuardDeps, probeGuards } from './probe-guards.ts';

/** What is known of an app that the guards may be tried in the name of. */
export type SenderRow = Pick<TruthRow, 'label' | 'verdict'>;

/**
 * Tries the guards of A8 with the key of one app: of one whose row is green where there is one, because a key that A8
 * does not know opens no guard. Never throws for what A8 does.
 */
export async function tryGuards(
  { target, ask, clock }: GuardDeps & { target: Pick<Target, 'hubUrl' | 'secrets'> },
  rows: readonly SenderRow[],
): Promise<GuardReport> {
  const { canaryKey, emitKeys } = target.secrets;
  const label = guardSender(emitKeys, rows);
  const key = label === undefined ? undefined : emitKeys[label];
  if (label === undefined || key === undefined) return nothingTried('No app has an A8_KEY to try them with.');
  const unknownKey = randomBytes(32).toString('base64url');
  const sender = { hubUrl: target.hubUrl, label, key, canaryKey, unknownKey, newId: randomUUID };
  return judgeGuards(await probeGuards({ target, ask, clock }, { ...sender, nowMs: clock.now() }));
}

/** Pure: whose key is used. */
export function guardSender(
  keys: Readonly<Partial<Record<AppLabel, string>>>,
  rows: readonly SenderRow[],
): AppLabel | undefined {
  const keyed = rows.filter(({ label }) => keys[label] !== undefined);
  return (keyed.find(({ verdict }) => verdict === 'green') ?? keyed[0])?.label;
}
