import type { AppLabel } from '@scholar/contract';
import type { Fault } from '@scholar/runtime/testing';

/** What a service rests on, and what a test may break: in the order of the columns of docs/faults.md. */
export const DEPENDENCIES = {
  database: 'its database',
  A1: 'A1',
  A2: 'A2',
  A2database: "A2's database",
  A3: 'A3',
  A3database: "A3's database",
  A4: 'A4',
  stripe: 'Stripe',
  mail: 'the mail server',
  llm: 'its language model',
  forwarder: 'its forwarder',
  A8: 'A8',
} as const;
export type Dependency = keyof typeof DEPENDENCIES;

/** What somebody gets while something is away, slow or confused. */
export type Outcome = {
  /** The answer's status; `as ever`: as on a good day; `late or 503`: as ever, unless it takes 10 s. */
  status: 'as ever' | 'late or 503' | number;
  /** What the answer contains then. */
  shows?: string;
  /** What becomes of the event or mail: `sent`, `sent later` when the fault is over, or there is `none`. */
  event: 'sent' | 'sent later' | 'none';
  /** For the page: what it means to who asked. */
  meaning: string;
};

/** One thing that people or programs do with a service, and what becomes of it. What is not listed changes nothing. */
export type Row = {
  service: AppLabel;
  /** The name of the request in `test/faults/subjects`. */
  ask: string;
  under: Partial<Record<Dependency, Outcome>>;
  /** Where being slow is not the same as being gone. */
  whenSlow?: Partial<Record<Dependency, Outcome>>;
};

/** A page while two things are gone at once. */
export type PairRow = {
  service: AppLabel;
  ask: string;
  gone: readonly [Dependency, Dependency];
  outcome: Outcome;
};

/** What the table says of one cell; undefined where the request has nothing to do with it. */
export function outcomeOf(row: Row, dependency: Dependency, fault: Fault): Outcome | undefined {
  return (fault === 'slow' ? row.whenSlow?.[dependency] : undefined) ?? row.under[dependency];
}

/** Nothing is noticed. */
export const works: Outcome = { status: 'as ever', event: 'sent', meaning: 'works' };
/** Nothing is noticed, and the event waits in the outbox (forwarder) or on the forwarder's disk (A8). */
export const eventWaits: Outcome = {
  status: 'as ever',
  event: 'sent later',
  meaning: 'works; its event waits',
};
export const kept = { forwarder: eventWaits, A8: eventWaits };
/** Asked nothing of it: for requests without an event. */
export const silent: Outcome = { status: 'as ever', event: 'none', meaning: 'works' };
export const nothingToKeep = { forwarder: silent, A8: silent };
/** 503 with Retry-After: nothing could be committed, so nothing is said to be done. */
export const notNow: Outcome = { status: 503, event: 'none', meaning: '503: nothing is done, ask again' };

/** One question, which a slow database answers in 5 s over a connection that is open; a new one takes longer than a request. */
export const lateOrNot: Outcome = {
  status: 'late or 503',
  event: 'none',
  meaning: 'slow: works, later, or 503',
};

/** The usual status, with these words in the answer. */
export const shown = (shows: string, meaning: string, event: Outcome['event'] = 'none'): Outcome => ({
  status: 'as ever',
  shows,
  event,
  meaning,
});

/** 503 with a page that says these words. */
export const told = (shows: string, meaning: string): Outcome => ({
  status: 503,
  shows,
  event: 'none',
  meaning,
});
