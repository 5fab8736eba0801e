/** How often may be repaired. Beyond it findings are reported only, so that no app is restarted without end. */
export interface Limits {
  /** Repairs of one app within an hour, proven or not. */
  maxPerAppPerHour: number;
  /** Repairs within an hour, all apps together. */
  maxPerHour: number;
  /** How long an app is left alone after a repair that was not proven; twice as long after each further one. */
  backoffMs: number;
}

/** Of a person's `scholar fix`: seven apps and A8 at once, and once more. The operator takes its TruthTable's. */
export const DEFAULT_LIMITS: Limits = { maxPerAppPerHour: 4, maxPerHour: 16, backoffMs: 60_000 };

/** A repair restarts its app at most so often: after each of two rounds of changes, and when it is taken back. */
export const MAX_RESTARTS_PER_REPAIR = 3;

/** One repair of one app, however many findings it is to end. */
export interface Attempt {
  /** When it began; of one that was not proven, when it ended. Unix ms. */
  at: number;
  /** null = it has not ended, or whoever made it never said how. */
  ok: boolean | null;
  /** Codes of the findings that it is to end. */
  findings?: readonly string[] | undefined;
}

/** What is known of the repairs of one app. */
export interface LedgerEntry {
  /** Empty = nobody repairs it now. */
  holder: string;
  /** From then on its holder is taken for dead, Unix ms. */
  until: number;
  /** Oldest first; those of the last hour. */
  attempts: readonly Attempt[];
}

export const NO_REPAIRS: LedgerEntry = { holder: '', until: 0, attempts: [] };

/** A changed entry, or why there is none. */
export type Claim = { entry: LedgerEntry; attempt: number } | { refused: string };

export interface Claimant {
  label: string;
  /** Unique among all that may repair, e.g. the operator's pod or a command's process. */
  holder: string;
  nowMs: number;
}

const HOUR_MS = 3_600_000;

/** Longer than a rollout, its proof and its undoing may take between two renewals. */
export const CLAIM_MS = 900_000;

/**
 * Pure: the entry with one more attempt, held by the claimant, or why it may not repair now. Clocks of two machines may
 * differ by much less than a claim is good for.
 * @param by.others entries of the other apps, for what all may do together.
 * @param by.findings codes, for whoever has to end an attempt that its holder did not live to end.
 */
export function claim(
  entry: LedgerEntry,
  by: Claimant & { limits: Limits; others: readonly LedgerEntry[]; findings?: readonly string[] },
): Claim {
  const { label, holder, nowMs, limits, others } = by;
  if (isHeld(entry, nowMs) && entry.holder !== holder)
    return { refused: `${entry.holder} is repairing ${label}, until ${instant(entry.until)} at the latest` };
  const mine = recent(entry, nowMs);
  const [oldest] = mine;
  if (oldest !== undefined && mine.length >= limits.maxPerAppPerHour)
    return {
      refused: `${label} was repaired ${mine.length} times within an hour; the next time is at ${instant(oldest.at + HOUR_MS)}`,
    };
  const all = [entry, ...others].flatMap((each) => recent(each, nowMs)).sort((a, b) => a.at - b.at);
  const [first] = all;
  if (first !== undefined && all.length >= limits.maxPerHour)
    return {
      refused: `${all.length} repairs within an hour are as many as may be; the next one is at ${instant(first.at + HOUR_MS)}`,
    };
  const free = backoffEnd(mine, limits);
  if (nowMs < free)
    return { refused: `the last repair of ${label} was not proven; the next one is at ${instant(free)}` };
  return {
    entry: { holder, until: nowMs + CLAIM_MS, attempts: [...mine, attemptOf(by)] },
    attempt: mine.length + 1,
  };
}

/** Pure: the claim is good for its whole time again. */
export function renewed(entry: LedgerEntry, { label, holder, nowMs }: Claimant): Claim {
  if (entry.holder !== holder) return lost(entry, label);
  return { entry: { ...entry, until: nowMs + CLAIM_MS }, attempt: entry.attempts.length };
}

/** Pure: nobody holds it any more, and its last attempt has ended like this. The pause after a failure begins now. */
export function released(
  entry: LedgerEntry,
  { label, holder, nowMs, ok }: Claimant & { ok: boolean },
): Claim {
  if (entry.holder !== holder) return lost(entry, label);
  const attempts = entry.attempts.map((attempt, index) =>
    index === entry.attempts.length - 1 ? { at: ok ? attempt.at : nowMs, ok } : attempt,
  );
  return { entry: { holder: '', until: 0, attempts }, attempt: attempts.length };
}

/** Pure: the attempt of an entry that nobody holds any more and nobody has ended. */
export function interruptedAttempt(entry: LedgerEntry, nowMs: number): Attempt | undefined {
  const last = entry.attempts.at(-1);
  return last?.ok === null && !isHeld(entry, nowMs) ? last : undefined;
}

function attemptOf({ nowMs, findings }: { nowMs: number; findings?: readonly string[] }): Attempt {
  return { at: nowMs, ok: null, ...(findings === undefined ? {} : { findings }) };
}

function lost({ holder }: LedgerEntry, label: string): Claim {
  return { refused: `the repair of ${label} took too long: ${holder || 'somebody else'} has it now` };
}

function isHeld({ holder, until }: LedgerEntry, nowMs: number): boolean {
  return holder !== '' && nowMs < until;
}

function recent({ attempts }: LedgerEntry, nowMs: number): readonly Attempt[] {
  return attempts.filter(({ at }) => at > nowMs - HOUR_MS);
}

/** Only what failed in a row, up to now, makes wait. */
function backoffEnd(attempts: readonly Attempt[], { backoffMs }: Limits): number {
  const proven = attempts.findLastIndex(({ ok }) => ok === true);
  const failed = attempts.slice(proven + 1);
  const last = failed.at(-1);
  return last === undefined ? 0 : last.at + backoffMs * 2 ** (failed.length - 1);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
