import { type Drift, NOTHING_CHANGED } from './drift.ts';

/** What A8 must refuse. Found by `scholar verify --guards` and by the operator; an audit sends nothing. */
export const GUARD_DRIFTS = {
  guard_open: {
    title: 'A8 takes what the contract refuses',
    severity: ['critical'],
    symptom:
      'A request with a wrong key, a wrong protocol, an unknown label, an id that is no uuid-v4, to /ingest, or with another content under a known id is stored. Rows can no longer be believed.',
    evidence:
      'A request of its own for each guard, with a canary token. The answer is a success, or its row is in the database, or the row of the first event was changed by it.',
    remedy:
      'See which program answers at the address of A8 and from which release. Install the release of this contract again. The rows of the guards are simulated and have the source canary/guard.',
    rollback: NOTHING_CHANGED,
  },
  guard_other_answer: {
    title: 'A8 answers otherwise than documented to what it must refuse',
    severity: ['major'],
    symptom:
      'Nothing wrong is stored. Senders are told something else than the contract says, so a forwarder may hold what it should bury, or bury what it should hold.',
    evidence: 'Status and problem code of the answer against the catalogue of the contract (docs/errors).',
    remedy:
      'See whether a proxy answers in the place of A8: its pages have no problem code. Else see which release of A8 runs.',
    rollback: NOTHING_CHANGED,
  },
  guard_silent: {
    title: 'A8 leaves no trace of what it must write down',
    severity: ['major'],
    symptom:
      'It refuses as it should, and `scholar rejected --simulated` does not show it, or a duplicate is not counted on its row. What real senders get wrong would not be found.',
    evidence:
      'A row of rejected_events with the canary id of the request, awaited for 10 seconds; for a duplicate, deliveries of the first row before and after.',
    remedy:
      'Look at a8_rejected_rows_total: lost means that the database did not take it, suppressed that more than 60 canaries a minute were refused with this key and code.',
    rollback: NOTHING_CHANGED,
  },
  guard_keeps_strangers: {
    title: 'A8 writes down what came without a valid key',
    severity: ['major'],
    symptom: 'Whoever knows the address of A8 can fill the disk of its database with refusals.',
    evidence: 'A row of rejected_events with the canary id of the request whose key is in no ring.',
    remedy: 'See which release of A8 runs, and what else writes to its tables.',
    rollback: NOTHING_CHANGED,
  },
} as const satisfies Record<string, Drift>;
