import type { AppLabel } from '@scholar/contract';
import type { Fault } from '@scholar/runtime/testing';

/** What a service rests on, and what a test may break. */
export const DEPENDENCIES = {
  database: 'its database',
  A1: 'A1',
  A2: 'A2',
  A3: 'A3',
  A4: 'A4',
  forwarder: 'its forwarder',
  A8: 'A8',
} as const;
export type Dependency = keyof typeof DEPENDENCIES;

/** What somebody gets while something is away, slow or confused. */
export type Outcome = {
  /** The answer's status; `as ever`: as on a good day. */
  status: 'as ever' | number;
  /** What the answer contains then. */
  shows?: string;
  /** What becomes of the event: `sent`, `sent later` when the fault is over, or there is `none`. */
  event: 'sent' | 'sent later' | 'none';
  /** For the page: what it means to who asked. */
  meaning: string;
};

/** One thing that people or programs do with a service, and what becomes of it. What is not listed changes nothing. */
export type Row = {
  service: AppLabel;
  /** The name of the request in `test/faults/services`. */
  ask: string;
  under: Partial<Record<Dependency, Outcome>>;
  /** Where being slow is not the same as being gone. */
  whenSlow?: Partial<Record<Dependency, Outcome>>;
};

/** What the table says of one cell; undefined where the request has nothing to do with it. */
export function outcomeOf(row: Row, dependency: Dependency, fault: Fault): Outcome | undefined {
  return (fault === 'slow' ? row.whenSlow?.[dependency] : undefined) ?? row.under[dependency];
}

/** Nothing is noticed. */
const works: Outcome = { status: 'as ever', event: 'sent', meaning: 'works' };
/** Nothing is noticed, and the event waits in the outbox (forwarder) or on the forwarder's disk (A8). */
const eventWaits: Outcome = { status: 'as ever', event: 'sent later', meaning: 'works; its event waits' };
const kept = { forwarder: eventWaits, A8: eventWaits };
/** Asked nothing of it: for requests without an event. */
const silent: Outcome = { status: 'as ever', event: 'none', meaning: 'works' };
const nothingToKeep = { forwarder: silent, A8: silent };
/** 503 with Retry-After: nothing could be committed, so nothing is said to be done. */
const notNow: Outcome = { status: 503, event: 'none', meaning: '503 with Retry-After, nothing is done' };

const shown = (shows: string, meaning: string, event: Outcome['event'] = 'none'): Outcome => ({
  status: 'as ever',
  shows,
  event,
  meaning,
});

/** Every cell of docs/faults.md, which is made from this, and of the test beside it, which holds each of them. */
export const ROWS: readonly Row[] = [
  { service: 'scholar_auth', ask: 'sign up', under: { database: notNow, ...kept } },
  { service: 'scholar_auth', ask: 'sign in', under: { database: notNow, ...nothingToKeep } },
  {
    service: 'scholar_auth',
    ask: 'fetch the keys of tokens',
    under: { database: shown('"kid"', 'works, from memory'), ...nothingToKeep },
  },
  {
    service: 'scholarship_api',
    ask: 'search the catalogue',
    under: { database: notNow, A1: works, ...kept },
  },
  {
    service: 'scholarship_api',
    ask: 'list my scholarships (provider)',
    under: { database: notNow, A1: silent, ...nothingToKeep },
  },
  {
    service: 'scholarship_agent',
    ask: 'match',
    under: {
      database: notNow,
      A1: works,
      A2: shown('"title":"Halcyon Grant"', 'works, from the last copy of the catalogue', 'sent'),
      ...kept,
    },
  },
  {
    service: 'scholarship_sage',
    ask: 'ask a question',
    under: {
      database: notNow,
      A1: works,
      A2: shown('Halcyon', 'works, from the last copy of the catalogue', 'sent'),
      ...kept,
    },
  },
  {
    service: 'student_pilot',
    ask: 'open the start page',
    under: {
      database: shown('Find the scholarships', 'the page; that it was looked at is not counted'),
      A1: works,
      A3: works,
      A4: works,
      ...kept,
    },
  },
  {
    service: 'student_pilot',
    ask: 'sign in',
    under: {
      database: silent,
      A1: {
        status: 200,
        shows: 'cannot be reached',
        event: 'none',
        meaning: 'the form again, which says so',
      },
      ...nothingToKeep,
    },
  },
  {
    service: 'student_pilot',
    ask: 'open the profile',
    under: {
      database: shown('cannot be shown just now', 'the page says that the profile cannot be shown; no form'),
      A1: works,
      ...kept,
    },
  },
  {
    service: 'student_pilot',
    ask: 'save the profile',
    under: {
      database: {
        status: 503,
        shows: 'value="33"',
        event: 'none',
        meaning: '503, the form again with what was typed',
      },
      A1: silent,
      ...nothingToKeep,
    },
  },
  {
    service: 'student_pilot',
    ask: 'look for matches',
    under: {
      database: {
        status: 503,
        shows: 'value="33"',
        event: 'none',
        meaning: '503, the form again with what was typed',
      },
      A1: works,
      A3: shown('Matching is not available just now', 'the page says so and keeps the form', 'sent'),
      ...kept,
    },
  },
  {
    service: 'student_pilot',
    ask: 'ask a question',
    under: {
      database: silent,
      A1: silent,
      A4: shown('cannot be answered just now', 'the page says so and keeps the question'),
      ...nothingToKeep,
    },
  },
  {
    service: 'provider_register',
    ask: 'open the start page',
    under: { database: silent, A1: silent, A2: silent },
  },
  {
    service: 'provider_register',
    ask: 'register',
    under: { database: notNow, A1: works, A2: works, ...kept },
  },
  {
    service: 'provider_register',
    ask: 'open the own page',
    under: { database: notNow, A1: silent, A2: silent, ...nothingToKeep },
  },
  {
    service: 'provider_register',
    ask: 'go and pay',
    under: {
      database: notNow,
      A1: silent,
      A2: {
        status: 503,
        shows: 'Nothing was charged',
        event: 'none',
        meaning: '503, and it says that nothing was charged',
      },
      ...nothingToKeep,
    },
    whenSlow: { A2: { status: 'as ever', event: 'none', meaning: 'slow: works, later' } },
  },
  {
    service: 'auto_page_maker',
    ask: 'open a landing page',
    under: {
      database: notNow,
      A1: silent,
      A2: shown('Halcyon Grant', 'works, from the last copy of the catalogue'),
      ...nothingToKeep,
    },
  },
  {
    service: 'auto_page_maker',
    ask: 'leave an address',
    under: {
      database: notNow,
      A1: shown('"user":"pending"', 'works; the account is made when A1 is back', 'sent'),
      A2: works,
      ...kept,
    },
  },
];
