import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type AdmissionPolicy,
  admit,
  bearerToken,
  eventHeaders,
  HEADER,
  isUuidV4,
  MAX_BODY_BYTES,
  MOST_CONSERVATION_IDS,
  normalizeEventId,
} from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { SecretSource } from '@scholar/runtime/config';
import { conservationIds } from '../conservation/conservation-document.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { type NewEvent, type Outbox, UnknownEvent } from '../outbox/index.ts';
import { refuseByDisk } from './accept-event.ts';
import { ok, type Reply, refuse, refuseWith } from './answer.ts';
import { eraseActor } from './erase-actor.ts';
import { describeEvent } from './find-event.ts';
import { readBody } from './read-body.ts';

export type ControlDeps = {
  outbox: Outbox;
  delivery: Delivery;
  token: Pick<SecretSource, 'current'>;
  policy: AdmissionPolicy;
  clock: Clock;
  status: () => object;
  discarded: () => void;
};

const MAX_LISTED = 1_000;
const STATES = ['queued', 'delivered', 'dead'] as const;

/** What only the operator may do; undefined when the path is none of these. */
export async function control(
  request: IncomingMessage,
  path: string,
  deps: ControlDeps,
): Promise<Reply | undefined> {
  const route = match(request.method ?? '', path);
  if (!route) return undefined;
  const refusal = authorize(request, deps.token.current());
  if (refusal) return refusal;
  if (route.name === 'list') return listEvents(request.url ?? '', deps);
  if (route.name === 'conservation') return listConservation(request.url ?? '', deps);
  if (route.name === 'erase') return eraseActor(request, deps.outbox);
  if (route.name === 'drain') deps.delivery.drain();
  if (route.name === 'drain' || route.name === 'status') return ok(200, deps.status());
  if (!isUuidV4(route.id)) return refuse('invalid_event_id', { expected: 'a uuid-v4 in the path' });
  const eventId = normalizeEventId(route.id);
  try {
    return await ACTIONS[route.name](eventId, request, deps);
  } catch (error) {
    if (error instanceof UnknownEvent) return refuse('not_found', { eventId, detail: error.message });
    return refuseByDisk(error, eventId);
  }
}

type Route =
  | { name: 'list' }
  | { name: 'conservation' }
  | { name: 'erase' }
  | { name: 'drain' }
  | { name: 'status' }
  | { name: 'show' | 'replay' | 'discard'; id: string };

function match(method: string, path: string): Route | undefined {
  if (method === 'GET' && path === '/outbox') return { name: 'list' };
  if (method === 'GET' && path === '/conservation/ids') return { name: 'conservation' };
  if (method === 'POST' && path === '/erase') return { name: 'erase' };
  if (method === 'POST' && path === '/drain') return { name: 'drain' };
  if (method === 'GET' && path === '/drain') return { name: 'status' };
  const shown = method === 'GET' ? /^\/outbox\/([^/]+)$/.exec(path) : null;
  if (shown) return { name: 'show', id: shown[1] ?? '' };
  const [, id = '', action] = /^\/events\/([^/]+)\/(replay|discard)$/.exec(path) ?? [];
  return method === 'POST' && action ? { name: action as 'replay' | 'discard', id } : undefined;
}

/** Constant time: both sides are hashed first, so that not even the length of the token can be measured. */
function authorize(request: IncomingMessage, token: string | undefined): Reply | undefined {
  if (!token) {
    return refuse('forbidden', {
      detail: 'The control routes are off: set CONTROL_TOKEN, or CONTROL_TOKEN_FILE.',
    });
  }
  const given = bearerToken(request.headers);
  const detail = 'Send "authorization: Bearer <CONTROL_TOKEN>" with the token of this forwarder.';
  if (given === undefined || !timingSafeEqual(sha256(given), sha256(token))) {
    return { ...refuse('unauthorized', { detail }), headers: { 'www-authenticate': 'Bearer' } };
  }
  return undefined;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?')[1] ?? '');

async function listConservation(url: string, { outbox }: ControlDeps): Promise<Reply> {
  const ids = await conservationIds(outbox, queryOf(url));
  if (ids !== undefined) return ok(200, ids);
  const expected = `minute=<RFC 3339, on a full minute>, after=<event id>, limit=1..${MOST_CONSERVATION_IDS}`;
  return refuse('invalid_body', { expected, detail: 'Correct the query.' });
}

async function listEvents(url: string, { outbox }: ControlDeps): Promise<Reply> {
  const query = queryOf(url);
  const state = STATES.find((known) => known === (query.get('state') ?? 'queued'));
  const limit = Number(query.get('limit') ?? 100);
  if (!state || !Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    const expected = `state=${STATES.join('|')}, limit=1..${MAX_LISTED}`;
    return refuse('invalid_body', { expected, detail: 'Correct the query.' });
  }
  const events = await outbox.list({ state, limit });
  const { depth, dead, totals } = outbox.stats();
  return ok(200, {
    events: events.map((event) => ({
      event_id: event.eventId,
      state: event.state,
      accepted_at: new Date(event.acceptedAt).toISOString(),
      bytes: event.bytes,
      ...(event.class ? { class: event.class } : {}),
    })),
    totals: { queued: depth, dead: dead.contract + dead.system, delivered: totals.delivered },
  });
}

const ACTIONS = {
  async show(eventId: string, _request: IncomingMessage, deps: ControlDeps): Promise<Reply> {
    const [status, event] = [await deps.outbox.get(eventId), await deps.outbox.read(eventId)];
    if (!status || !event)
      return refuse('not_found', { eventId, detail: 'This event is not in the outbox.' });
    const { headers, body } = event;
    return ok(200, { ...describeEvent(status, deps), headers, body: body.toString('utf8') });
  },

  async discard(eventId: string, _request: IncomingMessage, deps: ControlDeps): Promise<Reply> {
    await deps.delivery.discard(eventId);
    deps.discarded();
    return ok(200, { event_id: eventId, state: 'discarded' });
  },

  /** Without a body the same event again; with one, that event instead, under a fresh id. */
  async replay(eventId: string, request: IncomingMessage, deps: ControlDeps): Promise<Reply> {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined || body.length === 0) return replayed(eventId, deps);
    const original = await deps.outbox.read(eventId);
    if (!original) return refuse('not_found', { eventId, detail: 'This event is not in the outbox.' });
    const headers = eventHeaders({
      label: original.headers[HEADER.label] ?? '',
      eventId: randomUUID(),
      canary: original.headers[HEADER.canary],
      traceparent: original.headers[HEADER.traceparent],
    });
    const admission = admit({ method: 'POST', path: '/events', headers, body }, deps.policy);
    if (!admission.ok || body === 'too_large') {
      return admission.ok ? refuse('body_too_large') : refuseWith(admission.problem);
    }
    return replayed(eventId, deps, { eventId: admission.eventId, headers, body });
  },
};

async function replayed(eventId: string, deps: ControlDeps, as?: NewEvent): Promise<Reply> {
  const { eventId: queuedAs } = await deps.outbox.replay(eventId, as);
  return ok(202, { event_id: queuedAs, replay_of: eventId, state: 'queued' });
}
