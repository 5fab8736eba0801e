/** What the program itself does not know of a verb: how it ends, and what its JSON is. */
export interface VerbReference {
  exits: string;
  /** The shape of `-o json`, or where it is written down; undefined = there is none. */
  json?: string;
}

/** By name; a test holds it against the program. */
export const VERB_REFERENCE: Readonly<Record<string, VerbReference>> = {
  up: {
    exits: '0 = started, and ended by you; 1 = could not start, with the likely cause',
    json: 'as of `status`, when everything is ready',
  },
  down: { exits: '0 = stopped; 1 = nothing ran', json: '`{ended, orderly}`' },
  status: {
    exits: '0 = all is ready; 1 = something is not; of a cluster 1 when a row of the table is not green',
    json: '`{state, running, environment, database_url, dashboard, a8, apps, components, prometheus, truth_table}`; types in operator/src/target/local/status.ts. Of a cluster what A8 tells at /truth-table',
  },
  audit: {
    exits: '0 = no drift (information aside); 3 = some',
    json: '`{findings: [{code, app, severity, summary, evidence, remedy}], conservation: [{app, label, forwarder_id, from, to, acknowledged, rows, residual}]}`, worst first; codes: [drifts](drifts/README.md)',
  },
  fix: {
    exits:
      '0 = no drift is left and each repair is proven, or a dry run; 1 = something is left or was taken back',
    json: '`{ok, dry_run, plan, repairs, left, table}`; `table` as of `verify`, null without a proof',
  },
  verify: {
    exits: '0 = every row is green, and with `--guards` every guard is kept; 1 = not (unknown counts as not)',
    json: '`{ok, at, p95_write_ms, table: [row], simulations}`; with `--guards` also `guards`, after a drill also `last_drill`; a row is `{app, label, config, reachable, event, hops, owed, minimum_per_hour, verdict, reasons}`; schema in contract/src/operations/truth-table.ts',
  },
  drill: {
    exits:
      '0 = every acknowledged event is one row; 1 = not, the result names the ids; 4 = it could not be tried',
    json: '`{at, label, events, queued, refused_full, rows, recovery_ms, ok, missing, duplicates, redelivered, reasons, steps}`; see [drills](drills.md)',
  },
  events: { exits: '0', json: '`{events, next_cursor, position}`, as `GET /events` of A8' },
  tail: { exits: 'by Ctrl-C alone', json: 'one event per line' },
  rejected: { exits: '0', json: 'as `GET /rejected` of A8; this verb always prints JSON' },
  trace: {
    exits: '0 = somebody knows the event; 1 = nobody does; 4 = somebody who may know it could not be asked',
    json: '`{event_id, trace_id, app, state, why, hops, forwarder, row, outbox, unasked}` ([tracing.md](tracing.md))',
  },
  outbox: {
    exits: '0 = done, or all is well; 1 = refused, or something is wrong',
    json: "as of the forwarder's own tool (sidecar/README.md)",
  },
  erase: {
    exits:
      '0 = counted, or erased everywhere; 1 = a forwarder was not reached, A8 is not done, or quarantined bytes may name the actor',
    json: '`{ok, dry_run, hub: {erasure_id, events, refusals, by_app, finished}, forwarders: [{label, replicas, queued, delivered, other, dead_letters, emptied, discarded, segments, quarantine_files}], not_reached: [{label, reason}]}`; see [privacy](privacy.md)',
  },
  keys: {
    exits:
      '0 = A1 has a new signing key; 1 = it refused; 4 = it gave no answer, or does not know the operations key',
    json: '`{ok, kid, signs_from}`; refused: `{ok: false, code, reason}`; see [the runbook](runbooks/rotate-secrets.md)',
  },
  staff: {
    exits:
      '0 = done; 1 = A1 refused: no mail can be sent, no such address, nobody with this id; 4 as of `keys`',
    json: '`{ok, user_id, created}` of add, `{ok}` of remove; refused: `{ok: false, code, reason}`; see [the runbook](runbooks/staff.md)',
  },
  seal: {
    exits: '0; 1 = something is missing or does not fit',
    json: 'with `--out` alone: what was written',
  },
  doctor: {
    exits: '0 = nothing fails; 1 = something does',
    json: '`{ok, checks: [{name, state, ok, detail, todo}]}`; `state` is ok, warn, fail or unknown, `ok` is false for fail alone',
  },
  version: { exits: '0' },
  completion: { exits: '0' },
};
