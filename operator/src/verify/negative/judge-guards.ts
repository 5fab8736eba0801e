import { HUB_LABEL } from '@scholar/contract';
import type { GUARD_DRIFTS } from '../../audit/drifts/guard-drifts.ts';
import type { Judged, Severity } from '../../audit/judged.ts';
import { GUARDS, type Guard, statusOf } from './guards.ts';
import {
  type FirstSeen,
  type GuardAnswer,
  type GuardSeen,
  type GuardsSeen,
  isBusy,
  isKnownCanary,
} from './guards-seen.ts';

export interface GuardVerdict {
  name: string;
  /** null where it was not sent. */
  event_id: string | null;
  expected: string;
  got: string;
  /** `unknown` = nobody could look; it is never kept. */
  verdict: 'kept' | 'failed' | 'unknown';
  reasons: string[];
}

export interface GuardReport {
  /** Every guard was seen to be kept. */
  ok: boolean;
  guards: GuardVerdict[];
  findings: Judged[];
}

type FaultCode = keyof typeof GUARD_DRIFTS;

interface Fault {
  code: FaultCode;
  reason: string;
}

/** What a finding of a code says, and what a person has to do. */
const FINDINGS: Record<FaultCode, { severity: Severity; says: string; advice: string }> = {
  guard_open: {
    severity: 'critical',
    says: 'A8 takes what the contract refuses',
    advice:
      'see which program answers at this address and from which release; install the release of this contract',
  },
  guard_other_answer: {
    severity: 'major',
    says: 'A8 answers otherwise than documented to what it must refuse',
    advice: 'see whether a proxy answers in the place of A8, and which release of A8 runs',
  },
  guard_silent: {
    severity: 'major',
    says: 'A8 leaves no trace of what it must write down',
    advice: 'look at a8_rejected_rows_total{result="lost"} and at the log of A8 for the reason',
  },
  guard_keeps_strangers: {
    severity: 'major',
    says: 'A8 writes down what came without a valid key',
    advice: 'see which release of A8 runs: whoever knows the address could fill its disk',
  },
};

/** Pure: which guards were kept, and the findings about those that were not. What could not be looked at is no finding. */
export function judgeGuards({ first, guards }: GuardsSeen): GuardReport {
  const why = whyNothingWasSent(first);
  if (why !== undefined) return nothingTried(why);
  const judged = guards.map((seen) => ({ seen, faults: faultsOf(seen), blind: blindnessOf(seen) }));
  const verdicts = judged.map(({ seen, faults, blind }): GuardVerdict => {
    const reasons = [...faults.map(({ reason }) => reason), ...(blind === undefined ? [] : [blind])];
    const verdict = faults.length > 0 ? 'failed' : blind === undefined ? 'kept' : 'unknown';
    return {
      ...about(seen.sent.guard),
      event_id: seen.sent.eventId,
      got: told(seen.answer),
      verdict,
      reasons,
    };
  });
  const codes = Object.keys(FINDINGS) as FaultCode[];
  return {
    ok: verdicts.length === GUARDS.length && verdicts.every(({ verdict }) => verdict === 'kept'),
    guards: verdicts,
    findings: codes.flatMap((code) => findingOf(code, judged)),
  };
}

/** @returns the report where no guard could be tried; nothing in it is kept. */
export function nothingTried(why: string): GuardReport {
  const unsent = { event_id: null, got: 'not sent', verdict: 'unknown' as const, reasons: [why] };
  return { ok: false, guards: GUARDS.map((guard) => ({ ...about(guard), ...unsent })), findings: [] };
}

function about(guard: Guard): Pick<GuardVerdict, 'name' | 'expected'> {
  const what = guard.answer === 'duplicate' ? 'duplicate:true' : guard.answer;
  return { name: guard.name, expected: `${statusOf(guard)} ${what}` };
}

function told(answer: GuardAnswer | undefined): string {
  if (answer === undefined) return 'no answer';
  const what = answer.code ?? (answer.duplicate ? 'duplicate:true' : undefined);
  return what === undefined ? `${answer.status}` : `${answer.status} ${what}`;
}

function whyNothingWasSent(first: FirstSeen): string | undefined {
  if (isKnownCanary(first)) return undefined;
  if (first.row === undefined) return "A8's database could not be asked.";
  if (first.row === null) return `A8 did not store the good event that comes first: ${told(first.answer)}.`;
  return 'A8 does not know our canary token, so whatever is refused would count as real; see its CANARY_KEY.';
}

/** Why an answer or a trace says nothing about the guard; undefined when everything was seen. */
function blindnessOf({ answer, before, after, row, refusals }: GuardSeen): string | undefined {
  if (answer === undefined || isBusy(answer)) return `A8 did not judge it: ${told(answer)}.`;
  const seen = [before, after, row, refusals];
  return seen.includes(undefined) ? "A8's database could not be asked." : undefined;
}

function faultsOf(seen: GuardSeen): Fault[] {
  const opened = openings(seen);
  const answered = opened.length > 0 ? [] : otherAnswers(seen);
  return [...opened, ...answered, ...otherTraces(seen)];
}

function openings({ sent: { guard, eventId }, answer, before, after, row }: GuardSeen): Fault[] {
  const faults: Fault[] = [];
  const open = (reason: string): void => void faults.push({ code: 'guard_open', reason });
  if (guard.answer !== 'duplicate') {
    if (answer !== undefined && answer.status < 300) open(`A8 answered ${told(answer)}.`);
    if (guard.change.id !== 'first' && row) open(`The row ${eventId} is in the database.`);
  }
  if (before && after !== undefined && isChanged(guard, before, after))
    open('The row of the first event was changed by it.');
  return faults;
}

function isChanged(
  { trace }: Guard,
  before: NonNullable<GuardSeen['before']>,
  after: NonNullable<GuardSeen['after']> | null,
): boolean {
  if (after === null || after.rest !== before.rest) return true;
  return trace !== 'delivery' && after.deliveries !== before.deliveries;
}

function otherAnswers({ sent: { guard }, answer }: GuardSeen): Fault[] {
  if (answer === undefined || isBusy(answer)) return [];
  const isRight =
    answer.status === statusOf(guard) &&
    (guard.answer === 'duplicate' ? answer.duplicate : answer.code === guard.answer);
  if (isRight) return [];
  const reason = `A8 answered ${told(answer)}; the contract says ${about(guard).expected}.`;
  return [{ code: 'guard_other_answer', reason }];
}

function otherTraces({ sent: { guard }, answer, before, after, refusals }: GuardSeen): Fault[] {
  if (answer === undefined || isBusy(answer)) return [];
  switch (guard.trace) {
    case 'delivery': {
      if (!before || !after || after.deliveries === before.deliveries + 1) return [];
      const reason = `deliveries of the first row is ${after.deliveries} after it and was ${before.deliveries}.`;
      return [{ code: 'guard_silent', reason }];
    }
    case 'refusal': {
      // What was taken is refused nowhere; that is a finding of its own.
      if (refusals === undefined || answer.status < 300) return [];
      const code = answer.code ?? guard.answer;
      if (refusals.some((refusal) => refusal.code === code)) return [];
      return [{ code: 'guard_silent', reason: `No row of rejected_events tells of it as ${code}.` }];
    }
    case 'none':
      if (refusals === undefined || refusals.length === 0) return [];
      return [{ code: 'guard_keeps_strangers', reason: 'A row of rejected_events tells of it.' }];
  }
}

function findingOf(
  code: FaultCode,
  judged: readonly { seen: GuardSeen; faults: readonly Fault[] }[],
): Judged[] {
  const evidence = judged.flatMap(({ seen, faults }) =>
    faults
      .filter((fault) => fault.code === code)
      .map(({ reason }) => `${seen.sent.guard.name} (${seen.sent.eventId}): ${reason}`),
  );
  if (evidence.length === 0) return [];
  const { severity, says, advice } = FINDINGS[code];
  const names = [...new Set(evidence.map((line) => line.split(' ', 1)[0]))].join(', ');
  return [
    { code, label: HUB_LABEL, severity, summary: `${says}: ${names}.`, evidence, remedies: [], advice },
  ];
}
