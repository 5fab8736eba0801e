/**
 * All objects of the sandbox, in memory and in the journal.
 *
 * A request computes its changes from what it read and hands them over in one `commit`: they are visible at once (so that
 * two payers of one session cannot both win) and the promise resolves when they are on the disk. When the disk refuses, the
 * memory is ahead of it: the state is then broken for good and every later commit fails, until a restart reads the truth.
 */
import type {
  CheckoutSession,
  Delivery,
  LineItem,
  PaymentIntent,
  Refund,
  StripeEvent,
  WebhookEndpoint,
} from '../stripe-objects.ts';
import { type Journal, openJournal, readJournal } from './journal.ts';

/** What a POST with an Idempotency-Key was answered, so that its repetition gets the same answer. */
export type IdempotentAnswer = { id: string; request: string; status: number; body: unknown; at: number };

export type Collections = {
  sessions: CheckoutSession;
  paymentIntents: PaymentIntent;
  lineItems: { id: string; items: LineItem[] };
  refunds: Refund;
  events: StripeEvent;
  endpoints: WebhookEndpoint;
  deliveries: Delivery;
  answers: IdempotentAnswer;
};

export type Change = {
  [K in keyof Collections]: { put: K; value: Collections[K] } | { remove: K; id: string };
}[keyof Collections];

const NAMES: readonly (keyof Collections)[] = [
  'sessions',
  'paymentIntents',
  'lineItems',
  'refunds',
  'events',
  'endpoints',
  'deliveries',
  'answers',
];

export type State = {
  get<K extends keyof Collections>(name: K, id: string): Collections[K] | undefined;
  /** Oldest first. */
  all<K extends keyof Collections>(name: K): Collections[K][];
  commit(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
};

type Tables = { [K in keyof Collections]: Map<string, Collections[K]> };

const DAY_MS = 86_400_000;
/** As long as Stripe keeps them: events 30 days, the answers of idempotency keys one. */
const KEEP = { eventsMs: 30 * DAY_MS, answersMs: DAY_MS };

/** Opens the state of a folder; the journal is compacted on the way, and what is too old is left out. */
export async function openState(dir: string, nowMs: number): Promise<State> {
  const tables = emptyTables();
  for (const entry of await readJournal(dir)) apply(tables, entry as Change[]);
  forgetOld(tables, nowMs);
  const journal = await openJournal(dir, snapshot(tables));
  return stateOver(tables, journal);
}

function stateOver(tables: Tables, journal: Journal): State {
  let broken: unknown;
  return {
    get: (name, id) => tables[name].get(id),
    all: (name) => [...tables[name].values()],
    async commit(changes) {
      if (broken !== undefined)
        throw new Error('the sandbox could not write its journal; restart it', { cause: broken });
      if (changes.length === 0) return;
      apply(tables, changes);
      await journal.append(changes).catch((error: unknown) => {
        broken = error;
        throw error;
      });
    },
    close: () => journal.close(),
  };
}

function forgetOld(tables: Tables, nowMs: number): void {
  for (const answer of tables.answers.values()) {
    if (answer.at < nowMs - KEEP.answersMs) tables.answers.delete(answer.id);
  }
  for (const event of tables.events.values()) {
    if (event.created * 1000 < nowMs - KEEP.eventsMs) tables.events.delete(event.id);
  }
  for (const delivery of tables.deliveries.values()) {
    if (!tables.events.has(delivery.event)) tables.deliveries.delete(delivery.id);
  }
}

function emptyTables(): Tables {
  return {
    sessions: new Map(),
    paymentIntents: new Map(),
    lineItems: new Map(),
    refunds: new Map(),
    events: new Map(),
    endpoints: new Map(),
    deliveries: new Map(),
    answers: new Map(),
  };
}

function apply(tables: Tables, changes: readonly Change[]): void {
  for (const change of changes) {
    if ('remove' in change) tables[change.remove].delete(change.id);
    else
      (tables[change.put] as Map<string, Collections[keyof Collections]>).set(change.value.id, change.value);
  }
}

function snapshot(tables: Tables): Change[][] {
  return NAMES.flatMap((name) => [...tables[name].values()].map((value) => [{ put: name, value } as Change]));
}
