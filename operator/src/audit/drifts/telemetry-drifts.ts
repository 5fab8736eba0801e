import { type Drift, NOTHING_CHANGED, RESET_ROLLBACK } from './drift.ts';

const RESET_APP =
  'The desired value is given back and the service is restarted. Events that it kept in its own outbox leave then.';

/** Whether events leave by the right way, under the right names, to the right place, with clean content. */
export const TELEMETRY_DRIFTS = {
  a8_url_missing: {
    title: 'A sender has no address of A8',
    severity: ['critical'],
    symptom: 'The forwarder holds everything with the reason no_url. Nothing is lost, nothing arrives.',
    evidence: 'In /running the endpoint is none.',
    remedy:
      'A8_URL gets its desired value. A forwarder reads it again every 5 seconds where it comes from a file.',
    rollback: RESET_ROLLBACK,
  },
  a8_url_elsewhere: {
    title: 'A sender sends to another place than A8',
    severity: ['critical'],
    symptom: 'A8 hears nothing of this app, or another A8 does.',
    evidence: 'The endpoint in /running is not the address of A8 with /events.',
    remedy:
      'A8_URL gets its desired value. What another place has confirmed with persisted:true counts as delivered and is not sent again by itself.',
    rollback: RESET_ROLLBACK,
  },
  a8_url_drift: {
    title: 'The A8_URL of an app is not the right one, though its forwarder sends in its place',
    severity: ['major'],
    symptom: 'Nothing is wrong yet. The next change of EMIT_MODE would send events elsewhere.',
    evidence: 'A8_URL in /running of the app against the address of A8.',
    remedy: RESET_APP,
    rollback: RESET_ROLLBACK,
  },
  legacy_endpoint: {
    title: 'A sender uses /ingest',
    severity: ['critical'],
    symptom: 'A8 answers 410 to every event and stores none.',
    evidence: 'The endpoint in /running has the path /ingest.',
    remedy: 'A8_URL becomes the base address, and the names those of contract v3.5.1.',
    rollback: RESET_ROLLBACK,
  },
  legacy_endpoint_hits: {
    title: 'A8 is called at /ingest',
    severity: ['major'],
    symptom: 'Somebody still speaks the protocol from before v3.5.1. What is sent there is not stored.',
    evidence:
      'A8 counts calls of /ingest by the label that they claim. Calls from before the last start of the app are not told.',
    remedy: 'Find the sender: old code of the app, or another client. Its events must go to /events.',
    rollback: NOTHING_CHANGED,
  },
  legacy_event_names: {
    title: 'A service emits names from before v3.5.1',
    severity: ['critical'],
    symptom:
      'Its events are called user_signed_up and the like. Directly sent ones go to /ingest and are refused.',
    evidence: 'EVENT_NAMES in /running is legacy.',
    remedy: RESET_APP,
    rollback: RESET_ROLLBACK,
  },
  legacy_names_seen: {
    title: 'A8 gets legacy event names',
    severity: ['minor'],
    symptom: 'The events are stored under their new names. After this release they will be refused.',
    evidence: 'A8 counts events that came under an alias since the last start of the app.',
    remedy: 'Rename them in the sender. A8_LEGACY_ALIASES=refuse ends the time of grace.',
    rollback: 'A8_LEGACY_ALIASES=accept takes the aliases again, in this release.',
  },
  protocol_drift: {
    title: 'A process speaks another protocol',
    severity: ['critical'],
    symptom: 'A8 answers 426 and stores nothing.',
    evidence: 'The protocol in /running is not v3.5.1.',
    remedy: 'The process is restarted. If its release is another one, install the release of this contract.',
    rollback: 'Install the former release again (docs/ROLLBACK.md).',
  },
  label_drift: {
    title: 'Another app answers in this place',
    severity: ['critical'],
    symptom: 'Events would carry the wrong label, or requests reach the wrong program.',
    evidence: 'The label in /running is not the one that is expected at this address.',
    remedy: 'A forwarder gets its desired APP_LABEL. For an app look at ports and Services.',
    rollback: RESET_ROLLBACK,
  },
  direct_emission: {
    title: 'A service sends past its forwarder',
    severity: ['critical'],
    symptom:
      'While A8 is away its events wait in the service and nowhere else. An outage of A8 reaches the service.',
    evidence: 'EMIT_MODE in /running is direct.',
    remedy: RESET_APP,
    rollback: RESET_ROLLBACK,
  },
  authorization_missing: {
    title: 'A service calls A8 without an Authorization header',
    severity: ['critical'],
    symptom: 'A8 answers 401 to everything that it sends.',
    evidence: 'In /running sends_authorization is false while it sends directly.',
    remedy: `${RESET_APP} The forwarder adds the header.`,
    rollback: RESET_ROLLBACK,
  },
  console_only_telemetry: {
    title: 'Events end on the console',
    severity: ['critical'],
    symptom: 'The log looks busy and A8 gets nothing. These events are lost: they are kept nowhere.',
    evidence:
      'EMIT_MODE in /running is console; emit_console_total tells how many have gone there since the start.',
    remedy: `${RESET_APP} What was only logged cannot be brought back.`,
    rollback: RESET_ROLLBACK,
  },
  counted_not_stored: {
    title: 'Events are handed over and none becomes a row',
    severity: ['critical'],
    symptom:
      'The service counts events, its forwarder owes none and has no dead letters, and A8 has no row of this app since it started.',
    evidence:
      'outbox_relay_sent_total of the app, /status of its forwarder, and the last event of the label at A8, asked in this order.',
    remedy:
      'Look who takes the events: the address in `endpoint` of /running, and the database that A8 writes to against the one that is read. What something else has taken was never in our outbox, so only it can give these events back.',
    rollback: NOTHING_CHANGED,
  },
  pii_refused: {
    title: 'An app tries to send personal data',
    severity: ['major'],
    symptom:
      'Events with a card number, a social security number, an e-mail address or too long a text are refused. They are stored nowhere and are missing from every figure.',
    evidence:
      'Refusals with the code pii_detected: at A8 and at the forwarder, within the last hour. Canaries do not count. The place is told, never the content.',
    remedy:
      'Change the app: send a reference or a keyed hash in that place. The finding ends an hour after the last refusal. See docs/errors/pii_detected.md.',
    rollback: NOTHING_CHANGED,
  },
  setting_drift: {
    title: 'A setting differs from the desired one',
    severity: ['major', 'minor'],
    symptom:
      'A process runs with a setting that nobody wrote down. LOG_LEVEL is minor, everything else major.',
    evidence:
      'The value in /running against the desired state: desired.json, or the pod template with its ConfigMaps.',
    remedy: 'The desired value is given back and the process is restarted.',
    rollback: RESET_ROLLBACK,
  },
} as const satisfies Record<string, Drift>;
