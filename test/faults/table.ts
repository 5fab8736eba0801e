import {
  eventWaits,
  kept,
  lateOrNot,
  nothingToKeep,
  notNow,
  type Outcome,
  type Row,
  shown,
  silent,
  told,
  works,
} from './outcome.ts';

/** What a cell of the page says in more than one place. */
export const FORM_AGAIN = '503: the form again with what was typed, and the words to send it again';
const LAST_COPY = 'works, from the last copy of the catalogue';
const MAIL_WAITS = 'works; the mail waits and is tried again, for a day';
const CATALOGUE_AWAY = 'the page says that the catalogue cannot be reached, and that nothing is lost';
export const NOTHING_CHARGED = '503: the page says that nothing was charged';

const accountsAway: Outcome = {
  status: 200,
  shows: 'cannot be reached',
  event: 'none',
  meaning: 'the form again: accounts cannot be reached just now',
};

/** When the answer came too late the password may be changed; the page says how to tell. */
const changeUnanswered: Outcome = { ...accountsAway, shows: 'the new one holds already' };

const notSaved: Outcome = {
  status: 200,
  shows: 'What you entered is still below',
  event: 'none',
  meaning: 'the form again with what was typed: it could not be saved',
};

/** Every cell of docs/faults.md, which is made from this, and of the test beside it, which holds each of them. */
export const ROWS: readonly Row[] = [
  { service: 'scholar_auth', ask: 'sign up', under: { database: notNow, mail: works, ...kept } },
  { service: 'scholar_auth', ask: 'sign in', under: { database: notNow, mail: silent, ...nothingToKeep } },
  {
    service: 'scholar_auth',
    ask: 'ask for a new password',
    under: {
      database: notNow,
      mail: { ...eventWaits, meaning: MAIL_WAITS },
      forwarder: works,
      A8: works,
    },
  },
  {
    service: 'scholar_auth',
    ask: 'fetch the keys of tokens',
    under: { database: shown('"kid"', 'works, from memory'), mail: silent, ...nothingToKeep },
  },
  {
    service: 'scholar_auth',
    ask: 'make somebody staff (operator)',
    under: { database: notNow, mail: { ...works, meaning: MAIL_WAITS }, ...kept },
  },
  {
    service: 'scholar_auth',
    ask: 'rotate the signing keys (operator)',
    under: { database: notNow, mail: silent, ...nothingToKeep },
  },
  {
    service: 'scholarship_api',
    ask: 'search the catalogue',
    under: { database: notNow, A1: works, stripe: works, ...kept },
  },
  {
    service: 'scholarship_api',
    ask: 'count what a search finds',
    under: { database: notNow, A1: silent, stripe: silent, ...nothingToKeep },
    whenSlow: { database: lateOrNot },
  },
  {
    service: 'scholarship_api',
    ask: 'list my scholarships (provider)',
    under: { database: notNow, A1: silent, stripe: silent, ...nothingToKeep },
    whenSlow: { database: lateOrNot },
  },
  {
    service: 'scholarship_api',
    ask: 'publish a draft (A6)',
    under: { database: notNow, A1: silent, stripe: silent, ...nothingToKeep },
  },
  {
    service: 'scholarship_api',
    ask: 'open a payment page',
    under: {
      database: notNow,
      A1: silent,
      stripe: told('stripe_unavailable', '503 `stripe_unavailable`: nothing is charged, ask again'),
      ...nothingToKeep,
    },
    whenSlow: { stripe: { ...silent, meaning: 'slow: works, later' } },
  },
  {
    service: 'scholarship_agent',
    ask: 'match',
    under: { database: notNow, A1: works, A2: shown('"title":"Halcyon Grant"', LAST_COPY, 'sent'), ...kept },
  },
  {
    service: 'scholarship_sage',
    ask: 'ask a question',
    under: {
      database: notNow,
      A1: works,
      A2: shown('Halcyon', LAST_COPY, 'sent'),
      llm: shown('"provider":"extractive"', 'works, in the words of the passages', 'sent'),
      ...kept,
    },
  },
  {
    service: 'scholarship_sage',
    ask: 'ask a question (told while it is made)',
    under: {
      database: notNow,
      A1: works,
      A2: shown('event: done', LAST_COPY, 'sent'),
      llm: shown('"provider":"extractive"', 'works, in the words of the passages', 'sent'),
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
      A1: accountsAway,
      ...nothingToKeep,
    },
  },
  {
    service: 'student_pilot',
    ask: 'change the password',
    under: { database: silent, A1: changeUnanswered, ...nothingToKeep },
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
    under: { database: told('value="33"', FORM_AGAIN), A1: silent, ...nothingToKeep },
  },
  {
    service: 'student_pilot',
    ask: 'look for matches',
    under: {
      database: told('value="33"', FORM_AGAIN),
      A1: works,
      A3: shown('Matching is not available just now', 'the page says so and keeps the form', 'sent'),
      A3database: shown('Matching is not available just now', 'the page says so and keeps the form', 'sent'),
      ...kept,
    },
  },
  {
    service: 'student_pilot',
    ask: 'search the catalogue',
    under: {
      database: shown('Halcyon Grant', 'the page; that it was looked at is not counted'),
      A1: works,
      A2: shown('not available just now', 'the page says so and keeps what was typed', 'sent'),
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
    under: { database: shown('action="/providers"', 'works'), A1: silent, A2: silent },
  },
  {
    service: 'provider_register',
    ask: 'register by the form',
    under: { database: told('value="Halcyon Trust"', FORM_AGAIN), A1: accountsAway, A2: works, ...kept },
  },
  {
    service: 'provider_register',
    ask: 'register (JSON)',
    under: { database: notNow, A1: works, A2: works, ...kept },
  },
  {
    service: 'provider_register',
    ask: 'open the own page',
    under: { database: notNow, A1: silent, A2: silent, stripe: silent, ...nothingToKeep },
  },
  {
    service: 'provider_register',
    ask: 'go and pay',
    under: {
      database: told('Nothing was charged', NOTHING_CHARGED),
      A1: silent,
      A2: told('Nothing was charged', NOTHING_CHARGED),
      A2database: told('Nothing was charged', NOTHING_CHARGED),
      stripe: told('Nothing was charged', NOTHING_CHARGED),
      ...nothingToKeep,
    },
    whenSlow: {
      A2: { ...silent, meaning: 'slow: works, later' },
      stripe: { ...silent, meaning: 'slow: works, later' },
    },
  },
  {
    service: 'provider_register',
    ask: 'open an order',
    under: { database: notNow, A1: silent, A2: silent, stripe: silent, ...nothingToKeep },
  },
  {
    service: 'provider_register',
    ask: 'list my scholarships',
    under: {
      database: silent,
      A1: silent,
      A2: shown('cannot be reached just now', CATALOGUE_AWAY),
      A2database: shown('cannot be reached just now', CATALOGUE_AWAY),
      ...nothingToKeep,
    },
  },
  {
    service: 'provider_register',
    ask: 'write a scholarship and publish it',
    under: {
      database: shown('?unpublished=1', 'the draft is saved; the page says that it could not be published'),
      A1: silent,
      A2: notSaved,
      A2database: notSaved,
      ...nothingToKeep,
    },
  },
  {
    service: 'provider_register',
    ask: 'give an organisation an account',
    under: {
      database: told('please send it again in a moment', FORM_AGAIN),
      ...{ A1: accountsAway, A2: silent, ...nothingToKeep },
    },
  },
  {
    service: 'provider_register',
    ask: 'change the password',
    under: { database: silent, A1: changeUnanswered, A2: silent, ...nothingToKeep },
  },
  {
    service: 'provider_register',
    ask: 'report a payment (Stripe)',
    under: {
      database: {
        ...notNow,
        meaning: '503: Stripe sends it again for three days, and the payment counts once',
      },
      A1: works,
      A2: works,
      stripe: works,
      ...kept,
    },
  },
  {
    service: 'auto_page_maker',
    ask: 'open a landing page',
    under: {
      database: shown('Halcyon Grant', 'works, from memory: pages that somebody looked at before'),
      A1: silent,
      A2: shown('Halcyon Grant', LAST_COPY),
      ...nothingToKeep,
    },
  },
  {
    service: 'auto_page_maker',
    ask: 'leave an address by the form',
    under: { database: told('value="Ada L."', FORM_AGAIN), A1: works, A2: works, ...kept },
  },
  {
    service: 'auto_page_maker',
    ask: 'leave an address (JSON)',
    under: {
      database: notNow,
      A1: shown('"user":"pending"', 'works; the account is made when A1 is back', 'sent'),
      A2: works,
      ...kept,
    },
  },
];
