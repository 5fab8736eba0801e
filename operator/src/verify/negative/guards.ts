import { HEADER, PROBLEMS, type ProblemCode } from '@scholar/contract';

/** How a request differs from a good event of its own. */
export interface GuardChange {
  path?: '/ingest';
  /** A key that nobody has ever been given. */
  key?: 'unknown';
  headers?: Readonly<Record<string, string>>;
  /** The id of the event that was stored first, or an id of its own that is no uuid-v4. */
  id?: 'first' | 'version_1';
  /** With the id of the first event: its body again, or another one. */
  body?: 'first' | 'other';
}

/** One promise of A8's door: what is sent, what must be answered, and what must be left behind. */
export interface Guard {
  name: string;
  change: GuardChange;
  /** The problem of the contract's catalogue, or a receipt with `duplicate:true`. */
  answer: ProblemCode | 'duplicate';
  /**
   * `refusal`: a row of rejected_events, because a valid key came with it. `none`: without one nobody fills our disk.
   * `delivery`: the first row's `deliveries` goes up by one. In every case nothing else of the first row changes.
   */
  trace: 'refusal' | 'none' | 'delivery';
}

/**
 * What architecture, section 3, promises of a request that A8 must not take. Played after one good event, so a run is
 * one request more than this table is long.
 */
export const GUARDS: readonly Guard[] = [
  { name: 'wrong_key', change: { key: 'unknown' }, answer: 'unauthorized', trace: 'none' },
  { name: 'ingest', change: { path: '/ingest' }, answer: 'legacy_endpoint', trace: 'refusal' },
  {
    name: 'wrong_protocol',
    change: { headers: { [HEADER.protocol]: 'v3.4.0' } },
    answer: 'unsupported_protocol',
    trace: 'refusal',
  },
  {
    name: 'unknown_label',
    change: { headers: { [HEADER.label]: 'scholar_nobody' } },
    answer: 'unknown_label',
    trace: 'refusal',
  },
  { name: 'id_not_v4', change: { id: 'version_1' }, answer: 'invalid_event_id', trace: 'refusal' },
  { name: 'duplicate', change: { id: 'first', body: 'first' }, answer: 'duplicate', trace: 'delivery' },
  {
    name: 'same_id_other_body',
    change: { id: 'first', body: 'other' },
    answer: 'event_id_conflict',
    trace: 'refusal',
  },
];

/** The status that the contract gives to the answer of a guard. */
export function statusOf({ answer }: Pick<Guard, 'answer'>): number {
  return answer === 'duplicate' ? 200 : PROBLEMS[answer].status;
}
