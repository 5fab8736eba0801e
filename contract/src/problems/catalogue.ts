/** Whom a problem speaks of: this one event, the key, the route and protocol, or the system that answers. */
export type ProblemScope = 'event' | 'key' | 'route' | 'system';

export type Problem = {
  readonly status: number;
  readonly title: string;
  /** One sentence for the person who reads the answer: what to do now. */
  readonly advice: string;
  readonly scope: ProblemScope;
};

const event = (status: number, title: string, advice: string): Problem => ({
  status,
  title,
  advice,
  scope: 'event',
});
const key = (status: number, title: string, advice: string): Problem => ({
  status,
  title,
  advice,
  scope: 'key',
});
const route = (status: number, title: string, advice: string): Problem => ({
  status,
  title,
  advice,
  scope: 'route',
});
const system = (status: number, title: string, advice: string): Problem => ({
  status,
  title,
  advice,
  scope: 'system',
});

/**
 * Every problem that the forwarder's intake and A8 answer with. The codes are API: a rename is a line in the
 * changelog. A fault of one event is 400, 409, 413, 415 or 422 and nothing else is, because the forwarder buries an
 * event on these only (docs/errors has a page for each).
 */
export const PROBLEMS = {
  malformed_json: event(
    400,
    'The body is not JSON',
    'Send one JSON object; build it with a JSON library, not by joining text.',
  ),
  invalid_body: event(
    400,
    'The body is not one JSON object in UTF-8',
    'Send one JSON object, encoded in UTF-8, in which every key appears once.',
  ),
  event_id_conflict: event(
    409,
    'This event id belongs to another event',
    'Give every event a uuid-v4 of its own, and repeat an id only with exactly the same content.',
  ),
  body_too_large: event(
    413,
    'The body is too large',
    'Send at most 65536 bytes; keep long text where it belongs and send a reference or a hash.',
  ),
  unsupported_media_type: event(
    415,
    'The body is not declared as JSON in UTF-8',
    'Send "content-type: application/json", with no charset but utf-8 and no content-encoding.',
  ),
  contract_violation: event(
    422,
    'The event breaks contract v3.5.1',
    'Change what the pointer names so that it is what is expected; contract/schema has the schema of each type.',
  ),
  label_mismatch: event(
    422,
    'The label is not that of this app',
    "Send x-app-label with the label of the app whose forwarder this is, and use every app's own forwarder.",
  ),
  unknown_label: event(
    422,
    'The label is not one of the seven',
    'Send one x-app-label, spelt exactly like one of the seven labels of the contract.',
  ),
  invalid_event_id: event(
    422,
    'The event id is not a uuid-v4',
    'Send one x-event-id with a fresh uuid-v4, and keep it for every retry of this event.',
  ),
  pii_detected: event(
    422,
    'The event carries personal data',
    'Leave it out and send a reference or a keyed hash instead; the refused body was not stored.',
  ),
  simulated_refused: event(
    422,
    'Production takes no simulated events',
    'Run simulations in staging; a canary in production needs a valid x-scholar-canary token.',
  ),
  legacy_event_type: event(
    422,
    'This event name is no longer accepted',
    'Send the event type of contract v3.5.1 that the problem names as expected.',
  ),
  unauthorized: key(
    401,
    'No key, or a key that is not in the ring',
    'Send "authorization: Bearer <A8_KEY>" with a key whose fingerprint is in the key ring of A8.',
  ),
  forbidden: key(
    403,
    'The key is not for this label and route',
    'Use the key that was sealed for this app, or add the label to the ring entry of the key.',
  ),
  not_found: route(404, 'Nothing is here', 'Check the address; events go to POST /events under A8_URL.'),
  method_not_allowed: route(
    405,
    'This route does not take this method',
    'Send events with POST; the "allow" header names the methods of this route.',
  ),
  legacy_endpoint: route(
    410,
    'The legacy endpoint /ingest is closed',
    'Send events to POST /events under contract v3.5.1; set A8_URL to the base address, without a path.',
  ),
  unsupported_protocol: route(
    426,
    'The protocol is not v3.5.1',
    'Send "x-scholar-protocol: v3.5.1" once; build the headers with eventHeaders() of @scholar/contract.',
  ),
  rate_limited: system(
    429,
    'Too many requests',
    'Wait as long as Retry-After says and send the same event with the same id again.',
  ),
  internal: system(
    500,
    'Something broke on this side',
    'Send the same event with the same id again; the log has the request id.',
  ),
  unavailable: system(
    503,
    'Not able to store events now',
    'Send the same event with the same id again after Retry-After; /ready names the failing check.',
  ),
  outbox_full: system(
    507,
    "The forwarder's disk quota is used up",
    'Keep the event and send it again later; let A8 answer again, or raise OUTBOX_MAX_BYTES.',
  ),
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];
