import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AdmissionPolicy,
  type Admitted,
  admit,
  contentHash,
  HEADER,
  headerText,
  isAppLabel,
  MAX_BODY_BYTES,
  type ProblemDocument,
  problemDocument,
  verifyCanary,
} from '@scholar/contract';
import { RETRY_AFTER_LIMIT_S } from '../keys/key-limit.ts';
import type { RejectionRecorder } from '../rejected/recorder.ts';
import { describeRejection } from '../rejected/rejection.ts';
import type { Sightings } from '../sightings/sightings.ts';
import { sendProblem, sendReceipt } from './answer.ts';
import type { Batcher } from './batcher.ts';
import type { Entry, Outcome } from './entry.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { type Body, readBody } from './read-body.ts';
import type { TraceArrival } from './trace-arrival.ts';
import { forwarderIdOf, requestIdOf, traceparentOf } from './trace-headers.ts';
import type { WriteLatency } from './write-latency.ts';

export type EventReceiverDeps = {
  /** `canaryKey` is read for each request: the file behind it may change. */
  policy: () => AdmissionPolicy;
  batcher: Batcher;
  recorder: RejectionRecorder;
  sightings: Sightings;
  latency: WriteLatency;
  metrics: IngestMetrics;
  monotonic: () => number;
  /** Told of each answer; undefined where nobody wants spans. */
  trace: TraceArrival | undefined;
  /** Told of a defect of ours that a request brought to light; its sender got 500. */
  onDefect: (error: unknown) => void;
  /** Told of an event that passed the contract and that PostgreSQL refused: the contract has a hole. */
  onUnstorable: (facts: { eventId: string; sqlState: string }) => void;
};

/** One request on its way through: what is known before it is admitted. */
type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  body: Body;
  size: number;
  sinceMs: number;
  policy: AdmissionPolicy;
};

/** Of what the database refuses or cannot take now. Seconds. */
const RETRY_AFTER_DATABASE_S = 2;
const RETRY_AFTER_QUEUE_S = 1;

/** The hot path: POST /events, and the legacy /ingest, which gets its 410 here. Plain node:http, no Express. */
export function createEventReceiver(
  deps: EventReceiverDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  return function receiveEvent(request, response) {
    readBody(request, MAX_BODY_BYTES, (body, size) => {
      const exchange: Exchange = {
        request,
        response,
        requestId: requestIdOf(request.headers),
        body,
        size,
        sinceMs: deps.monotonic(),
        policy: deps.policy(),
      };
      try {
        judge(deps, exchange);
      } catch (error) {
        // One request that nobody foresaw must not take with it what every other sender has under way.
        deps.onDefect(error);
        if (!response.headersSent)
          refuse(deps, exchange, { problem: problemDocument('internal'), canaryId: undefined });
      }
    });
  };
}

/** True for what the receiver answers; everything else is Express's. */
export function isIngest(method: string | undefined, url: string | undefined): boolean {
  if (url === '/events' && method === 'POST') return true;
  const path = url?.split('?', 1)[0] ?? '';
  if (path === '/events') return method !== 'GET' && method !== 'HEAD';
  return LEGACY_PATH.test(path);
}

/** As in the contract's `judgeRoute`. */
const LEGACY_PATH = /(?:^|\/)ingest\/?$/;

function judge(deps: EventReceiverDeps, exchange: Exchange): void {
  const { request, body, policy } = exchange;
  const { method = '', url: path = '', headers } = request;
  const admission = admit({ method, path, headers, body }, policy);
  if (admission.ok) {
    submit(deps, exchange, admission);
    return;
  }
  const canaryId = canaryOf(exchange);
  if (admission.problem.code === 'legacy_endpoint') seeLegacyEndpoint(deps, exchange, canaryId !== undefined);
  const retryAfterS = admission.problem.code === 'rate_limited' ? RETRY_AFTER_LIMIT_S : undefined;
  refuse(deps, exchange, { ...admission, canaryId, contentHash: undefined, retryAfterS });
}

function canaryOf({ request, policy }: Exchange): string | undefined {
  const token = headerText(request.headers, HEADER.canary);
  return token === undefined ? undefined : verifyCanary(token, policy.canaryKey, policy.now())?.canaryId;
}

function seeLegacyEndpoint(deps: EventReceiverDeps, exchange: Exchange, canary: boolean): void {
  const claimed = headerText(exchange.request.headers, HEADER.label);
  const app = isAppLabel(claimed) ? claimed : 'unknown';
  deps.metrics.legacyEndpoint(app, canary);
  if (!canary) deps.sightings.see(app, 'legacy_endpoint', exchange.policy.now());
}

function submit(deps: EventReceiverDeps, exchange: Exchange, admitted: Admitted): void {
  const entry = toEntry(exchange, admitted);
  const taken = deps.batcher.submit(entry, exchange.sinceMs, (outcome) => {
    settle(deps, exchange, { entry, alias: admitted.alias, outcome });
  });
  if (taken) return;
  refuse(deps, exchange, {
    problem: problemDocument('unavailable', {
      eventId: entry.eventId,
      detail: 'The queue is full; retry after Retry-After.',
    }),
    retryAfterS: RETRY_AFTER_QUEUE_S,
    canaryId: entry.canaryId,
  });
}

function toEntry({ request, requestId, size }: Exchange, admitted: Admitted): Entry {
  const { keyId } = admitted;
  if (keyId === undefined)
    throw new Error('the hub admitted an event without a key; the policy lost its key ring');
  return {
    eventId: admitted.eventId,
    label: admitted.label,
    event: admitted.event,
    contentHash: contentHash(admitted.label, admitted.event),
    simulated: admitted.simulated,
    keyId,
    requestId,
    canaryId: admitted.canaryId,
    forwarderId: forwarderIdOf(request.headers),
    traceparent: traceparentOf(request.headers),
    bytes: size,
  };
}

type Settled = { entry: Entry; alias: string | undefined; outcome: Outcome };

function settle(deps: EventReceiverDeps, exchange: Exchange, settled: Settled): void {
  const { entry, outcome } = settled;
  const { eventId, canaryId } = entry;
  switch (outcome.kind) {
    case 'stored':
      acknowledge(deps, exchange, { ...settled, outcome });
      break;
    case 'unavailable':
      refuse(deps, exchange, {
        problem: problemDocument('unavailable', { eventId }),
        retryAfterS: RETRY_AFTER_DATABASE_S,
        canaryId,
      });
      break;
    case 'conflict':
      refuseEntry(deps, exchange, { entry, problem: problemDocument('event_id_conflict', { eventId }) });
      break;
    case 'unstorable':
      deps.onUnstorable({ eventId, sqlState: outcome.sqlState });
      refuseEntry(deps, exchange, { entry, problem: unstorableProblem(eventId, outcome.sqlState) });
  }
}

function unstorableProblem(eventId: string, sqlState: string): ProblemDocument {
  const expected = 'an event that PostgreSQL can store';
  return problemDocument('contract_violation', {
    eventId,
    pointer: '',
    expected,
    got: `SQLSTATE ${sqlState}`,
  });
}

function refuseEntry(
  deps: EventReceiverDeps,
  exchange: Exchange,
  { entry, problem }: { entry: Entry; problem: ProblemDocument },
): void {
  const { keyId, label, eventId, canaryId, contentHash } = entry;
  refuse(deps, exchange, { problem, keyId, label, eventId, canaryId, contentHash, keyNames: namesOf(entry) });
}

function acknowledge(
  deps: EventReceiverDeps,
  { request, response, requestId, sinceMs, policy }: Exchange,
  { entry, alias, outcome }: Settled & { outcome: Outcome & { kind: 'stored' } },
): void {
  const { eventId, label, event, canaryId, simulated, forwarderId } = entry;
  const { inserted, receivedAt, atMs, ownRow } = outcome;
  sendReceipt(response, {
    eventId,
    receivedAt,
    duplicate: !inserted,
    requestId,
    ownRow: forwarderId === undefined ? undefined : ownRow,
    legacy: alias !== undefined,
  });
  const ms = atMs - sinceMs;
  deps.latency.observe(label, ms);
  deps.trace?.({ request, sinceMs, status: inserted ? 201 : 200, eventId, stored: { ms } });
  deps.metrics.acknowledged({ label, type: event.event_type, inserted, canary: canaryId !== undefined, ms });
  if (inserted && !isProbe(entry)) deps.sightings.see(label, simulated ? 'simulated' : 'event', policy.now());
  if (alias === undefined) return;
  deps.metrics.legacyAlias(label, alias);
  if (canaryId === undefined) deps.sightings.see(label, 'legacy_alias', policy.now());
}

/** A canary that came past every forwarder: it proves A8 and says nothing about the app whose label it bears. */
function isProbe({ canaryId, forwarderId }: Entry): boolean {
  return canaryId !== undefined && forwarderId === undefined;
}

type Refusal = {
  problem: ProblemDocument;
  canaryId: string | undefined;
  retryAfterS?: number | undefined;
  /** Present when a valid key came with the request: only then a row is kept. */
  keyId?: string;
  label?: string;
  eventId?: string;
  contentHash?: Buffer | undefined;
  keyNames?: readonly string[];
};

function refuse(deps: EventReceiverDeps, exchange: Exchange, refusal: Refusal): void {
  const { request, response, requestId, body, size, sinceMs } = exchange;
  const { problem, retryAfterS, canaryId, keyId, label, eventId, contentHash, keyNames = [] } = refusal;
  sendProblem(response, problem, { requestId, retryAfterS, closeConnection: body === 'too_large' });
  deps.metrics.refused(problem.code, canaryId !== undefined);
  deps.trace?.({ request, sinceMs, status: problem.status, eventId });
  if (keyId === undefined) return;
  const nowMs = exchange.policy.now();
  const facts = {
    problem,
    nowMs,
    keyId,
    requestId,
    label,
    eventId,
    canaryId,
    contentHash,
    keyNames,
    body,
    size,
  };
  deps.recorder.record(describeRejection(facts));
}

function namesOf({ event }: Entry): string[] {
  return [...Object.keys(event), ...Object.keys(event.payload).map((name) => `payload.${name}`)];
}
