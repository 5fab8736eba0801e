import { eventWaits, type PairRow, shown, silent, told } from './outcome.ts';
import { FORM_AGAIN, NOTHING_CHARGED } from './table.ts';

/** The pages that people see most, while two things are gone at once. */
export const PAIRS: readonly PairRow[] = [
  {
    service: 'student_pilot',
    ask: 'open the start page',
    gone: ['A3database', 'A8'],
    outcome: { ...eventWaits, shows: 'Find the scholarships' },
  },
  {
    service: 'student_pilot',
    ask: 'look for matches',
    gone: ['A3database', 'A8'],
    outcome: shown(
      'Matching is not available just now',
      'the page says so and keeps the form; its event waits',
      'sent later',
    ),
  },
  {
    service: 'student_pilot',
    ask: 'open the start page',
    gone: ['database', 'A3'],
    outcome: shown('Find the scholarships', 'the page; that it was looked at is not counted'),
  },
  {
    service: 'student_pilot',
    ask: 'look for matches',
    gone: ['database', 'A3'],
    outcome: told('value="33"', FORM_AGAIN),
  },
  {
    service: 'auto_page_maker',
    ask: 'open a landing page',
    gone: ['database', 'A2'],
    outcome: shown('Halcyon Grant', 'works, from memory: pages that somebody looked at before'),
  },
  {
    service: 'auto_page_maker',
    ask: 'leave an address by the form',
    gone: ['A1', 'A8'],
    outcome: { ...eventWaits, meaning: 'works; the account is made and the event sent when they are back' },
  },
  {
    service: 'provider_register',
    ask: 'open the own page',
    gone: ['A2database', 'A8'],
    outcome: { ...silent, shows: 'Halcyon Trust' },
  },
  {
    service: 'provider_register',
    ask: 'go and pay',
    gone: ['A2database', 'A8'],
    outcome: told('Nothing was charged', NOTHING_CHARGED),
  },
  {
    service: 'provider_register',
    ask: 'open an order',
    gone: ['A2database', 'A8'],
    outcome: { ...silent, shows: 'Order 1' },
  },
  {
    service: 'provider_register',
    ask: 'report a payment (Stripe)',
    gone: ['A2', 'A8'],
    outcome: eventWaits,
  },
];
