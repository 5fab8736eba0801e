import {
  type AppLabel,
  CANARY_SOURCE_PREFIX,
  canaryEventId,
  type EventType,
  eventHeaders,
  mintCanary,
} from '@scholar/contract';
import type { Question } from '../../gather/http-client.ts';
import { CANARY_LIFE_MS } from '../canary-probe.ts';
import { GUARDS, type Guard } from './guards.ts';

/** A request that is ready to be sent. Its canary id is its own, so what it leaves behind is found by that. */
export interface Prepared {
  canaryId: string;
  /** As it is sent; known before. */
  eventId: string;
  question: Question;
}

export interface PreparedGuard extends Prepared {
  guard: Guard;
}

export interface GuardSender {
  hubUrl: string;
  /** Whose key it is, and the label of every event. */
  label: AppLabel;
  key: string;
  canaryKey: string;
  nowMs: number;
  /** Gives an id that was never given before. */
  newId: () => string;
  /** In no ring. */
  unknownKey: string;
}

const EVENT_TYPE: EventType = 'PageView';
const TIMEOUT_MS = 10_000;

/** The good event that the guards are measured by, and a request for each of them. All ids are made here, before anything is sent. */
export function prepareGuards(sender: GuardSender): { first: Prepared; guards: PreparedGuard[] } {
  const own = (): Named => named(sender);
  const ids = own();
  const first = { ...ids, question: question(sender, ids, { body: bodyOf(sender, 'first') }) };
  const guards = GUARDS.map((guard) => prepare(sender, guard, { own: own(), first }));
  return { first, guards };
}

type Named = Pick<Prepared, 'canaryId' | 'eventId'>;

function named({ newId, canaryKey, label }: GuardSender): Named {
  const canaryId = newId();
  return { canaryId, eventId: canaryEventId({ key: canaryKey, canaryId, label, eventType: EVENT_TYPE }) };
}

function prepare(
  sender: GuardSender,
  guard: Guard,
  { own, first }: { own: Named; first: Prepared },
): PreparedGuard {
  const { id, body, key, path, headers } = guard.change;
  const eventId = id === 'first' ? first.eventId : id === 'version_1' ? asVersion1(own.eventId) : own.eventId;
  const ids = { canaryId: own.canaryId, eventId };
  const text = body === 'first' ? (first.question.body ?? '') : bodyOf(sender, guard.name);
  const made = question(sender, ids, {
    body: text,
    ...(path === undefined ? {} : { path }),
    ...(key === undefined ? {} : { key: sender.unknownKey }),
  });
  return { guard, ...ids, question: { ...made, headers: { ...made.headers, ...headers } } };
}

function question(
  sender: GuardSender,
  { canaryId, eventId }: Named,
  { body, path = '/events', key = sender.key }: { body: string; path?: string; key?: string },
): Question {
  const canary = mintCanary(sender.canaryKey, { canaryId, notAfterMs: sender.nowMs + CANARY_LIFE_MS });
  const headers = eventHeaders({ label: sender.label, eventId, key, canary });
  return { url: `${sender.hubUrl}${path}`, method: 'POST', headers, body, timeoutMs: TIMEOUT_MS };
}

/** Simulated in both of the contract's ways: what a broken guard lets in is in no business view either. */
function bodyOf({ nowMs }: GuardSender, name: string): string {
  return JSON.stringify({
    event_type: EVENT_TYPE,
    occurred_at: new Date(nowMs).toISOString(),
    actor_id: 'canary',
    source: `${CANARY_SOURCE_PREFIX}guard`,
    payload: { details: `guard ${name}`, simulated: true },
  });
}

const VERSION_AT = 14;

/** A uuid of RFC 9562 that PostgreSQL would store; only its version is not the one of the contract. */
function asVersion1(uuid: string): string {
  return `${uuid.slice(0, VERSION_AT)}1${uuid.slice(VERSION_AT + 1)}`;
}
