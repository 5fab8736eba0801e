import { type Drift, NOTHING_CHANGED } from './drift.ts';

/** What lies in forwarders and in A8, and whether enough of it comes. */
export const DELIVERY_DRIFTS = {
  forwarder_held: {
    title: 'A forwarder holds its events',
    severity: ['critical'],
    symptom:
      'Nothing arrives at A8 from this app, and nothing is lost. The app and its users notice nothing.',
    evidence:
      'The hold in /status with its reason: no_key, no_url, unauthorized, contract_mismatch and others.',
    remedy:
      'End the cause: key, address, or a proxy in between. The forwarder probes slowly, goes on by itself and delivers everything.',
    rollback: NOTHING_CHANGED,
  },
  backlog_old: {
    title: 'Events wait for A8 too long',
    severity: ['major'],
    symptom: 'The oldest event has waited for more than a minute. Figures at A8 are behind.',
    evidence: 'The age of the oldest event in /status.',
    remedy: 'See whether A8 answers and its database is quick enough. The backlog drains by itself.',
    rollback: NOTHING_CHANGED,
  },
  dead_letters: {
    title: 'A8 refused events one by one',
    severity: ['major'],
    symptom: 'Some events are not stored, because each of them breaks the contract. Others flow.',
    evidence: 'The count of dead letters in /status; `scholar outbox list dead` shows each with its problem.',
    remedy:
      'They are sent once more: what was refused because A8 had drifted is taken now. What is refused again needs a person: correct and replay, or discard.',
    rollback:
      'Replaying keeps the id of an event, so none is stored twice. A discarded event is kept until its segment ends.',
  },
  outbox_quarantine: {
    title: 'Bytes of an outbox are damaged',
    severity: ['major'],
    symptom:
      'The disk gave back something else than was written. The damaged ranges are set aside; everything else is delivered.',
    evidence: 'The count of quarantined records in /status, by checksum.',
    remedy:
      '`scholar outbox verify --app LABEL` shows them. Look at the disk and at the log of the kernel; keep the files for a person.',
    rollback: NOTHING_CHANGED,
  },
  evidence_lost: {
    title: 'Proven rows are gone',
    severity: ['critical'],
    symptom:
      'Rows that a truth table read back are in the database no more: a restored backup, or somebody deleted them.',
    evidence: 'The ids of the truth tables of the last 24 hours against the table of events.',
    remedy:
      'The forwarder sends the same events again under their ids. Rows that no truth table had proven are told as rows_lost.',
    rollback: 'Delete the rows again by their ids. Sending them twice stores them once.',
  },
  evidence_changed: {
    title: 'Proven rows were changed',
    severity: ['critical'],
    symptom: 'Rows hold something else than was acknowledged. Somebody writes to the tables of A8.',
    evidence: 'The content of a row against its content hash.',
    remedy:
      'A person decides, because the row shows what was done: no remedy writes over it. 1. Keep it: `psql "$DATABASE_URL" -c "\\copy (SELECT * FROM events WHERE event_id = \'ID\') TO \'ID.csv\' CSV HEADER"`. 2. Compare it with what was acknowledged: `scholar outbox show ID --app LABEL` on a machine; in a cluster `kubectl exec POD -c forwarder -- node sidecar/dist/outbox-cli.js show ID --dir /var/lib/scholar/outbox`. A forwarder keeps what it delivered for 24 hours; without its copy, stop here. 3. Find out who writes to the tables of A8, and end that. 4. `psql "$DATABASE_URL" -c "DELETE FROM events WHERE event_id = \'ID\'"`. 5. `scholar fix`: the event is now evidence_lost, its forwarder sends it again under the same id, and the row is read back.',
    rollback:
      'Put the kept row back: `psql "$DATABASE_URL" -c "DELETE FROM events WHERE event_id = \'ID\'"`, then `\\copy events FROM \'ID.csv\' CSV HEADER`.',
  },
  rows_lost: {
    title: 'Rows that A8 acknowledged are gone',
    severity: ['critical'],
    symptom:
      'Events became rows, and are in the database no more: somebody deleted them, or an older copy of the database was restored. Nobody was told an error.',
    evidence:
      'Each forwarder counts, by the minute of its receipts, the ids that A8 acknowledged to it in the last 23 hours, and A8 counts its rows in the same way. Where the two differ, in a minute that ended two minutes ago or earlier, the ids are looked up in the database one by one. Events that a truth table had proven are told as evidence_lost. An erased row is still a row, so it is never missing.',
    remedy:
      'The forwarder sends exactly the missing events again, under their ids, from what it keeps of delivered ones; each is then read back from the database. At most 10,000 of a forwarder at once: repair again for the next ones. Find out who deleted them, or restored, and end that. A row that comes back has a new received_at.',
    rollback: 'Delete the rows again by their ids. Sending them twice stores them once.',
  },
  rows_lost_for_good: {
    title: 'Rows are gone, and so are the copies of their forwarder',
    severity: ['critical'],
    symptom:
      'As rows_lost, but the forwarder has dropped the segments of these events: they were older than its retention, or its disk ran full. Their number is known, their ids are not.',
    evidence:
      'The forwarder still counts them for the minute in which A8 acknowledged them, and A8 has fewer rows of it.',
    remedy:
      "Only a backup of A8 has them. 1. Restore it into a database of its own. 2. Take the rows of a minute that the finding names out of it: `psql \"$BACKUP_URL\" -c \"\\copy (SELECT * FROM events WHERE received_at >= 'MINUTE' AND received_at < 'MINUTE'::timestamptz + interval '1 minute') TO 'rows.csv' CSV HEADER\"`. 3. Put those that are missing beside the others, in one session of `psql \"$DATABASE_URL\"`: `CREATE TEMP TABLE back (LIKE events)`, `\\copy back FROM 'rows.csv' CSV HEADER`, `UPDATE back SET xid = pg_current_xact_id()` (readers go by it), `INSERT INTO events OVERRIDING USER VALUE SELECT * FROM back ON CONFLICT (event_id) DO NOTHING`. The finding ends when the minutes are complete, and else 23 hours after them: write them down.",
    rollback: 'Delete the restored rows by their ids.',
  },
  observations_missing: {
    title: 'A8 does not tell what it has seen',
    severity: ['major'],
    symptom: 'Silence, legacy names and latencies cannot be judged.',
    evidence: 'GET /observations brings nothing while /health is 200.',
    remedy: 'Look at the log of A8 and at its database, and whether the read key is still in its ring.',
    rollback: NOTHING_CHANGED,
  },
  app_silent: {
    title: 'An app is quieter than it may be',
    severity: ['major'],
    symptom: 'Fewer real events than were declared. It may be calm, or broken where nobody looks.',
    evidence:
      'Real events of the last hour at A8 against the declared minimum: minimum_events_per_hour in desired.json, or the annotation scholar.dev/minimum-events-per-hour of the workload or its template. An app that has just started owes its share only.',
    remedy:
      '`scholar verify` tells whether it can emit at all. If it can, ask where its users are, or lower the minimum.',
    rollback: NOTHING_CHANGED,
  },
  write_p95_high: {
    title: 'A8 stores too slowly',
    severity: ['major'],
    symptom: 'The 95th percentile of writes is over 150 ms. Events are safe and late.',
    evidence: 'Measured at A8, from the last byte of the event to the receipt after COMMIT.',
    remedy: 'Look at the database: its disk, its load, long transactions, the connections of A8.',
    rollback: NOTHING_CHANGED,
  },
  simulated_in_production: {
    title: 'Simulated rows in production',
    severity: ['critical'],
    symptom:
      'Test data lies among real events. Views and figures leave it out; who reads the table without care does not.',
    evidence:
      'Rows of the last 24 hours that are simulated and were not sent with a canary token. Read in the database, asked in production only.',
    remedy:
      'Find the sender: an A8 that runs as staging on this database, a script, a person. Take its access away. The rows are left for you to judge.',
    rollback: NOTHING_CHANGED,
  },
} as const satisfies Record<string, Drift>;
