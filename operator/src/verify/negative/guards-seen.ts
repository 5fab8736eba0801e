import type { ProblemCode } from '@scholar/contract';
import type { TracedRefusal, TracedRow } from '../../target/target.ts';
import type { PreparedGuard } from './guard-requests.ts';

/** A8's answer, as far as it is judged. */
export interface GuardAnswer {
  status: number;
  /** Of a problem document (RFC 9457) of our catalogue, with the status that belongs to it. */
  code: ProblemCode | undefined;
  /** The receipt is for this event and says that it was there before. */
  duplicate: boolean;
}

/** The good event. Without its row under its own canary id nothing else is sent: it would count as real. */
export interface FirstSeen {
  eventId: string;
  canaryId: string;
  /** undefined = no answer. */
  answer: GuardAnswer | undefined;
  /** null = not there; undefined = the database could not be asked. */
  row: TracedRow | null | undefined;
}

export interface GuardSeen {
  sent: Pick<PreparedGuard, 'guard' | 'canaryId' | 'eventId'>;
  answer: GuardAnswer | undefined;
  /** The first event's row before and after the request, and a row under the id that was sent; as in `FirstSeen`. */
  before: TracedRow | null | undefined;
  after: TracedRow | null | undefined;
  row: TracedRow | null | undefined;
  /** undefined = the database could not be asked. */
  refusals: readonly TracedRefusal[] | undefined;
}

export interface GuardsSeen {
  first: FirstSeen;
  /** None where the first event was not taken as a canary. */
  guards: GuardSeen[];
}

/** Pure: whether A8 stores our canaries as what they are: simulated, and under the id of their token. */
export function isKnownCanary({ row, canaryId }: Pick<FirstSeen, 'row' | 'canaryId'>): boolean {
  return row?.canary_id === canaryId && row.simulated;
}

/** Pure: 408, 429 and 5xx speak of the system, not of the request. */
export function isBusy({ status }: Pick<GuardAnswer, 'status'>): boolean {
  return status >= 500 || status === 429 || status === 408;
}
