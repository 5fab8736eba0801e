import type { ProblemCode } from '../problems/catalogue.ts';

/** What each problem means, for its page in docs/errors. The type keeps the list complete. */
export const PROBLEM_MEANINGS: Readonly<Record<ProblemCode, string>> = {
  malformed_json:
    'The body could not be parsed as JSON: it is empty, cut off, starts with a byte order mark, or breaks the grammar. `got` names the position where it can be told.',
  invalid_body:
    'The body is JSON, or could be, but not one object that every reader reads alike: its bytes are not UTF-8, it is an array, a number, a string or null, or a key appears twice in one object.',
  event_id_conflict:
    'A8 holds an event with this id and other content. Content is the label and the body (RFC 8785 form, after alias mapping); headers do not count. The first event stays as it is. It means that a sender uses an id twice, or changes an event between two attempts.',
  body_too_large:
    'The body has more than 65536 bytes. An event that needs so much carries text that is no telemetry.',
  unsupported_media_type:
    'The `content-type` is missing or is not `application/json`, names a charset other than utf-8, or a `content-encoding` wraps the body.',
  contract_violation:
    'The body is a JSON object and not an event of contract v3.5.1. `pointer` (RFC 6901) names the first place that is wrong, `expected` what belongs there and `got` the type or the length of what was there. Keys that the contract does not name are refused, nothing is converted, and text must not contain U+0000 or half of a surrogate pair, which PostgreSQL cannot store.',
  label_mismatch:
    'A forwarder takes the events of one app, because it sends them with the key of that app. The label in `x-app-label` is that of another.',
  unknown_label:
    '`x-app-label` is missing, was sent twice, or is not one of the seven labels. The hub has no label here.',
  invalid_event_id:
    '`x-event-id` is missing, was sent twice, or is not a uuid of version 4. Any letter case is taken; the id is stored in lower case.',
  pii_detected:
    'A text of the event contains a card number (issuer prefix, length and check digit), a US social security number or a raw e-mail address, or has more than 1,000 characters. `pointer` names the text. Percent-encoding and full-width digits do not hide it. The body is not stored, and not logged.',
  simulated_refused:
    'The event is simulated (`payload.simulated` is true, or its source begins with `canary/`), this is production, and no valid `x-scholar-canary` token came with it.',
  legacy_event_type:
    'The event came under a name from before v3.5.1, and `A8_LEGACY_ALIASES=refuse` has ended the release in which those were taken. `expected` is the name that it has now.',
  unauthorized:
    'There is no `authorization: Bearer` header, or its key is not in the key ring of A8, or has expired. `scholar audit` compares the fingerprint of the running process with the ring.',
  forbidden:
    'The key is in the ring, and its entry does not allow this: another label, or another role (emit, operations, read).',
  not_found:
    'There is no such route, or no such event. A8_URL is the base address; `/events` is appended to it.',
  method_not_allowed: 'The route exists, and does not take this method.',
  legacy_endpoint:
    'The sender still uses the address from before v3.5.1. A8 counts these requests by their claimed label, and `scholar audit` names the app.',
  unsupported_protocol: '`x-scholar-protocol` is missing, was sent twice, or is not exactly `v3.5.1`.',
  rate_limited: 'More requests came than this address may send now. Nothing is wrong with the event.',
  internal:
    'An error that nobody foresaw. Nothing was promised for the event; it may or may not be stored, and its id makes it safe to send again.',
  unavailable:
    'The database of A8, or the disk of a forwarder, does not take anything now. Nothing is wrong with the event.',
  outbox_full:
    'The forwarder has as many bytes of undelivered events on its disk as `OUTBOX_MAX_BYTES` allows. It evicts nothing that it has acknowledged; it takes events again as soon as A8 has taken some.',
};
