import { HEADER, headerText, PROBLEM_MEDIA_TYPE, parseProblem, parseReceipt } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { type Ask, jsonOf, type Question } from '../../gather/http-client.ts';
import type { Target, TracedRefusal, TracedRow, Traces } from '../../target/target.ts';
import { type GuardSender, type Prepared, type PreparedGuard, prepareGuards } from './guard-requests.ts';
import {
  type FirstSeen,
  type GuardAnswer,
  type GuardSeen,
  type GuardsSeen,
  isBusy,
  isKnownCanary,
} from './guards-seen.ts';

export interface GuardDeps {
  target: Pick<Target, 'readTraces'>;
  ask: Ask;
  clock: Clock;
}

/** A refusal is written behind its answer; a busy database may take so long. */
const TRACE_TIMEOUT_MS = 10_000;
const TRACE_POLL_MS = 50;

/**
 * Sends one good event and every guard once, one after the other, and reads their traces out of A8's database.
 * Never throws for what A8 or its database does.
 */
export async function probeGuards(deps: GuardDeps, sender: GuardSender): Promise<GuardsSeen> {
  const prepared = prepareGuards(sender);
  const first = await sendFirst(deps, prepared.first);
  if (!isKnownCanary(first)) return { first, guards: [] };
  const sent: Omit<GuardSeen, 'refusals'>[] = [];
  let before = first.row;
  for (const guard of prepared.guards) {
    const seen = await sendGuard(deps, guard, { first, before });
    sent.push(seen);
    before = seen.after;
  }
  const refusals = await readRefusals(deps, sent);
  return { first, guards: sent.map((seen) => ({ ...seen, refusals: refusalsOf(seen, refusals) })) };
}

async function sendFirst(deps: GuardDeps, { canaryId, eventId, question }: Prepared): Promise<FirstSeen> {
  const answer = await answerOf(deps.ask, question, eventId);
  const traces = await tracesOf(deps, { eventIds: [eventId], canaryIds: [] });
  return { canaryId, eventId, answer, row: rowOf(traces, eventId) };
}

async function sendGuard(
  deps: GuardDeps,
  { guard, canaryId, eventId, question }: PreparedGuard,
  { first, before }: { first: FirstSeen; before: TracedRow | null | undefined },
): Promise<Omit<GuardSeen, 'refusals'>> {
  const answer = await answerOf(deps.ask, question, eventId);
  const traces = await tracesOf(deps, { eventIds: [first.eventId, eventId], canaryIds: [] });
  const after = rowOf(traces, first.eventId);
  return { sent: { guard, canaryId, eventId }, answer, before, after, row: rowOf(traces, eventId) };
}

async function answerOf(ask: Ask, question: Question, eventId: string): Promise<GuardAnswer | undefined> {
  try {
    const reply = await ask(question);
    const body = jsonOf(reply);
    const media = headerText(reply.headers, HEADER.contentType) ?? '';
    const problem = media.startsWith(PROBLEM_MEDIA_TYPE) ? parseProblem(body) : undefined;
    return {
      status: reply.status,
      code: problem?.status === reply.status ? problem.code : undefined,
      duplicate: parseReceipt(body, eventId)?.duplicate === true,
    };
  } catch {
    return undefined;
  }
}

/** Waits for the refusals that must be there; what must not be there has had the same time to appear. */
async function readRefusals(
  deps: GuardDeps,
  sent: readonly Omit<GuardSeen, 'refusals'>[],
): Promise<readonly TracedRefusal[] | undefined> {
  const canaryIds = sent.map((seen) => seen.sent.canaryId);
  const awaited = sent.filter(
    ({ sent: { guard }, answer }) => guard.trace === 'refusal' && isRefused(answer),
  );
  const deadline = deps.clock.monotonic() + TRACE_TIMEOUT_MS;
  for (;;) {
    const traces = await tracesOf(deps, { eventIds: [], canaryIds });
    const isThere = awaited.every((seen) => refusalsOf(seen, traces?.refusals)?.length);
    if (isThere || deps.clock.monotonic() >= deadline) return traces?.refusals;
    await deps.clock.sleep(TRACE_POLL_MS);
  }
}

function isRefused(answer: GuardAnswer | undefined): boolean {
  return answer !== undefined && answer.status >= 300 && !isBusy(answer);
}

function refusalsOf(
  { sent }: Pick<GuardSeen, 'sent'>,
  refusals: readonly TracedRefusal[] | undefined,
): readonly TracedRefusal[] | undefined {
  return refusals?.filter(({ canary_id }) => canary_id === sent.canaryId);
}

function rowOf(traces: Traces | undefined, eventId: string): TracedRow | null | undefined {
  return traces === undefined ? undefined : (traces.rows.find((row) => row.event_id === eventId) ?? null);
}

async function tracesOf(
  { target }: GuardDeps,
  of: Parameters<Target['readTraces']>[0],
): Promise<Traces | undefined> {
  try {
    return await target.readTraces(of);
  } catch {
    return undefined;
  }
}
