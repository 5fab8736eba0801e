import type { Thread } from './simulate-cores.ts';
import type { Shard } from './simulate-database.ts';
import type { EventQueue } from './simulate-queue.ts';

/**
 * How A8 spreads a batch over shards.
 * - `mixed`, as it is today: a batch holds whatever has gathered, so it touches every shard and commits in two phases.
 * - `by_shard`: lanes and batches of their own for each shard.
 * - `refuse`: the same, and a shard that has not answered for a while gets a 503 at once, with Retry-After.
 * - `refuse_event`: the same without Retry-After: to the forwarder this is the fault of one event, not of A8.
 * - `end_to_end`: as `by_shard`, and forwarders know the shards too: each has a window of its own for each.
 */
export const POLICIES = ['mixed', 'by_shard', 'refuse', 'refuse_event', 'end_to_end'] as const;
export type Policy = (typeof POLICIES)[number];

/** An event on its way; `answer` tells its sender: a receipt, or a 503. */
export type SimulatedEvent = { shard: number; answer: (stored: boolean) => void };

/**
 * CPU in microseconds. Of the event loop: when it takes an event, when it answers one, and for each statement; of other
 * threads, garbage collection above all, for each event.
 */
export type HubCosts = { takeUs: number; answerUs: number; statementUs: number; helperUs: number };

export type HubInput = {
  id: string;
  queue: EventQueue;
  loop: Thread;
  helper: Thread;
  costs: HubCosts;
  shards: readonly Shard[];
  policy: Policy;
};

/** As in services/auto_com_center: connections, rows a batch, the longest hold of a batch, and the bound of a statement. */
const LANES = 2;
const MAX_ROWS = 256;
const MAX_HOLD_US = 5_000;
const STATEMENT_TIMEOUT_US = 5_000_000;
/** `refuse`, `refuse_event`: a shard with an older statement is refused. */
const REFUSE_AFTER_US = 250_000;

type Lane = { id: string; sinceUs: number | undefined; rows: number };
/** `broken`: its last statement got no answer; until one does, a single statement at a time asks. */
type Line = { waiting: SimulatedEvent[]; lanes: Lane[]; pumping: boolean; broken: boolean; holding: boolean };

/** One replica of A8: an event loop, and micro-batches that wait to be as large as those beside them. */
export class Hub {
  rows = 0;
  batches = 0;
  readonly #input: HubInput;
  readonly #lines: Line[];

  constructor(input: HubInput) {
    this.#input = input;
    const count = input.policy === 'mixed' ? 1 : input.shards.length;
    this.#lines = Array.from({ length: count }, (_, line) => ({
      waiting: [],
      pumping: false,
      broken: false,
      holding: false,
      lanes: Array.from({ length: LANES }, (_, lane) => ({
        id: `${input.id} ${line} ${lane}`,
        sinceUs: undefined,
        rows: 0,
      })),
    }));
  }

  take(event: SimulatedEvent): void {
    const { loop, helper, costs, policy } = this.#input;
    const line = this.#lines[policy === 'mixed' ? 0 : event.shard];
    if (line === undefined) throw new Error(`there is no shard ${event.shard}`);
    helper.run(costs.helperUs, () => {});
    loop.run(costs.takeUs, () => {
      if (this.#refuses && this.#isStuck(line)) {
        this.#answer([event], false);
        return;
      }
      line.waiting.push(event);
      this.#pumpAtEndOfTurn(line);
    });
  }

  get #refuses(): boolean {
    return this.#input.policy.startsWith('refuse');
  }

  #isStuck({ lanes, broken }: Line): boolean {
    const now = this.#input.queue.now;
    if (broken) return lanes.some(({ sinceUs }) => sinceUs !== undefined);
    return lanes.every(({ sinceUs }) => sinceUs !== undefined && now - sinceUs > REFUSE_AFTER_US);
  }

  /** Work that is queued now belongs to the same turn of the loop and joins the batch. */
  #pumpAtEndOfTurn(line: Line): void {
    if (line.pumping || line.lanes.every(({ sinceUs }) => sinceUs !== undefined)) return;
    line.pumping = true;
    this.#input.loop.run(0, () => {
      line.pumping = false;
      this.#pump(line);
    });
  }

  #pump(line: Line, heldLongEnough = false): void {
    for (const lane of line.lanes) {
      if (line.broken && this.#isStuck(line)) return;
      if (lane.sinceUs !== undefined || line.waiting.length === 0) continue;
      if (heldLongEnough || isFull(line)) this.#write(line, lane, line.waiting.splice(0, MAX_ROWS));
      else this.#holdBatch(line);
    }
  }

  #holdBatch(line: Line): void {
    if (line.holding) return;
    line.holding = true;
    this.#input.queue.after(MAX_HOLD_US, () => {
      line.holding = false;
      this.#pump(line, true);
    });
  }

  #write(line: Line, lane: Lane, batch: readonly SimulatedEvent[]): void {
    const { queue } = this.#input;
    lane.sinceUs = queue.now;
    lane.rows = batch.length;
    let open = true;
    const settle = (stored: boolean) => {
      if (!open) return;
      open = false;
      line.broken = !stored && this.#refuses;
      if (stored) {
        this.rows += batch.length;
        this.batches += 1;
      }
      this.#answer(batch, stored, () => {
        lane.sinceUs = undefined;
        this.#pump(line);
      });
    };
    queue.after(STATEMENT_TIMEOUT_US, () => settle(false));
    if (this.#refuses) queue.after(REFUSE_AFTER_US + 1, () => this.#refuseIfStuck(line));
    this.#commit(lane.id, batch, () => settle(true));
  }

  #refuseIfStuck(line: Line): void {
    if (this.#isStuck(line)) this.#answer(line.waiting.splice(0), false);
  }

  #commit(connection: string, batch: readonly SimulatedEvent[], done: () => void): void {
    const parts = new Map<number, number>();
    for (const { shard } of batch) parts.set(shard, (parts.get(shard) ?? 0) + 1);
    const shards = [...parts].map(([index, rows]) => ({ shard: this.#input.shards[index], rows }));
    const join = countdown(shards.length, () => {
      if (shards.length === 1) return done();
      // COMMIT PREPARED: every node syncs a second time, and the answer waits for the slowest again.
      const committed = countdown(shards.length, done);
      for (const { shard } of shards) shard?.flush(committed);
    });
    for (const { shard, rows } of shards) shard?.execute(connection, rows, () => shard.flush(join));
  }

  #answer(events: readonly SimulatedEvent[], stored: boolean, then?: () => void): void {
    const { loop, costs } = this.#input;
    const statementUs = then === undefined ? 0 : costs.statementUs;
    loop.run(statementUs + costs.answerUs * events.length, () => {
      for (const { answer } of events) answer(stored);
      then?.();
    });
  }
}

/** Whether as many wait as a busy lane has under way. */
function isFull({ lanes, waiting }: Line): boolean {
  const busy = lanes.filter(({ sinceUs }) => sinceUs !== undefined);
  return waiting.length * busy.length >= busy.reduce((sum, { rows }) => sum + rows, 0);
}

function countdown(count: number, done: () => void): () => void {
  let left = count;
  return () => {
    left -= 1;
    if (left === 0) done();
  };
}
