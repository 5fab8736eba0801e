import { quantileOfSorted } from '../statistics.ts';
import { Cores, Thread } from './simulate-cores.ts';
import { Shard } from './simulate-database.ts';
import { Hub, type Policy } from './simulate-hub.ts';
import { EventQueue } from './simulate-queue.ts';
import { createDraw, createRandom, type Random } from './simulate-random.ts';
import { Sender } from './simulate-senders.ts';

/** What one event, one statement and one flush cost, as measured. Microseconds. */
export type Costs = {
  sendUs: number;
  /** CPU of A8's event loop for each statement and for each event; of its other threads for each event. */
  hubStatementUs: number;
  hubLoopUs: number;
  hubHelperUs: number;
  statementUs: number;
  rowUs: number;
  /** Samples: waits that are not CPU, and measured time of a statement over the expected one. */
  flushUs: readonly number[];
  spread: readonly number[];
  /** One way. */
  networkUs: number;
};

export type Scenario = {
  senders: number;
  /** Requests in flight of each sender. */
  window: number;
  replicas: number;
  shards: number;
  policy: Policy;
  /**
   * `one`: everything shares so many cores with others who take their share of it, and the senders are one process, as
   * in the measurement.
   */
  machines: { kind: 'one'; cores: number; othersShare: number } | { kind: 'separate'; coresOfShard: number };
  warmUpS: number;
  seconds: number;
  /** The disk of shard 0 hangs in this time after the warm-up. Seconds. */
  stall?: { fromS: number; toS: number };
  seed: number;
};

export type Prediction = {
  eventsPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  rowsPerStatement: number;
  /** Receipts in each whole second after the warm-up. */
  perSecond: number[];
};

const SECOND_US = 1_000_000;

/** Plays a scenario. Pure: the same costs, scenario and seed give the same prediction. */
export function simulate(costs: Costs, scenario: Scenario): Prediction {
  const queue = new EventQueue();
  const random = createRandom(scenario.seed);
  const place = createPlaces(queue, scenario);
  const shards = createShards({ queue, random, costs, scenario, place });
  const hubs = Array.from({ length: scenario.replicas }, (_, index) => {
    const cores = place.hub();
    const half = costs.hubLoopUs / 2;
    return new Hub({
      id: `replica ${index}`,
      queue,
      loop: new Thread(cores),
      helper: new Thread(cores),
      costs: { takeUs: half, answerUs: half, statementUs: costs.hubStatementUs, helperUs: costs.hubHelperUs },
      shards,
      policy: scenario.policy,
    });
  });
  const book = createBook(queue, scenario);
  for (const [index, sender] of createSenders({
    queue,
    random,
    costs,
    scenario,
    place,
    hubs,
    book,
  }).entries()) {
    // Not in step: a microsecond apart.
    queue.after(index, () => sender.start());
  }
  queue.run((scenario.warmUpS + scenario.seconds) * SECOND_US);
  return book.prediction(hubs);
}

/** Which cores a process runs on. */
type Places = { sender: () => Thread; hub: () => Cores; shard: () => Cores };

function createPlaces(queue: EventQueue, { machines }: Scenario): Places {
  if (machines.kind === 'one') {
    const cores = new Cores(queue, machines.cores);
    const process = new Thread(cores);
    for (let core = 0; core < machines.cores; core += 1) disturb(queue, cores, machines.othersShare);
    return { sender: () => process, hub: () => cores, shard: () => cores };
  }
  return {
    sender: () => new Thread(new Cores(queue, 1)),
    hub: () => new Cores(queue, 2),
    shard: () => new Cores(queue, machines.coresOfShard),
  };
}

/** Somebody else's work: so much of every two milliseconds, on one core. It goes first, because it is what others really got. */
function disturb(queue: EventQueue, cores: Cores, share: number): void {
  if (share <= 0) return;
  const other = new Thread(cores, 'first');
  const turn = () => {
    other.run(share * 2_000, () => {});
    queue.after(2_000, turn);
  };
  turn();
}

type Parts = { queue: EventQueue; random: Random; costs: Costs; scenario: Scenario; place: Places };

function createShards({ queue, random, costs, scenario, place }: Parts): Shard[] {
  const { stall, warmUpS } = scenario;
  const draws = {
    statementUs: costs.statementUs,
    rowUs: costs.rowUs,
    drawFlushUs: createDraw(costs.flushUs, random),
    drawSpread: createDraw(costs.spread, random),
  };
  return Array.from(
    { length: scenario.shards },
    (_, index) =>
      new Shard({
        queue,
        cores: place.shard(),
        costs: draws,
        stall:
          stall !== undefined && index === 0
            ? { fromUs: (warmUpS + stall.fromS) * SECOND_US, toUs: (warmUpS + stall.toS) * SECOND_US }
            : undefined,
      }),
  );
}

function createSenders(parts: Parts & { hubs: readonly Hub[]; book: Book }): Sender[] {
  const { random, scenario, place } = parts;
  return Array.from({ length: scenario.senders }, (_, index) => {
    const forwarder = { ...parts, index, thread: place.sender() };
    if (scenario.policy !== 'end_to_end') {
      const drawShard = () => Math.floor(random() * scenario.shards);
      return [createSender({ ...forwarder, window: scenario.window, drawShard })];
    }
    const window = Math.max(1, Math.floor(scenario.window / scenario.shards));
    return Array.from({ length: scenario.shards }, (_, shard) =>
      createSender({ ...forwarder, window, drawShard: () => shard }),
    );
  }).flat();
}

function createSender(
  parts: Parts & {
    hubs: readonly Hub[];
    book: Book;
    index: number;
    thread: Thread;
    window: number;
    drawShard: () => number;
  },
): Sender {
  const { queue, random, costs, scenario, hubs, book, index, thread, window, drawShard } = parts;
  let turn = index;
  return new Sender({
    ...{ queue, random, thread, window, drawShard },
    sendUs: costs.sendUs,
    networkUs: costs.networkUs,
    retryAfter: scenario.policy !== 'refuse_event',
    deliver(event) {
      turn += 1;
      hubs[turn % hubs.length]?.take(event);
    },
    onStored: book.stored,
  });
}

type Book = { stored: (latencyUs: number) => void; prediction: (hubs: readonly Hub[]) => Prediction };

function createBook(queue: EventQueue, { warmUpS, seconds }: Scenario): Book {
  const latencies: number[] = [];
  const perSecond: number[] = Array.from({ length: Math.ceil(seconds) }, () => 0);
  return {
    stored(latencyUs) {
      const second = Math.floor(queue.now / SECOND_US - warmUpS);
      if (queue.now < warmUpS * SECOND_US || second >= perSecond.length) return;
      latencies.push(latencyUs);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    },
    prediction(hubs) {
      const sorted = Float64Array.from(latencies).sort();
      const rows = hubs.reduce((sum, hub) => sum + hub.rows, 0);
      const batches = hubs.reduce((sum, hub) => sum + hub.batches, 0);
      return {
        eventsPerSecond: latencies.length / seconds,
        p50Ms: quantileOfSorted(sorted, 0.5) / 1_000,
        p95Ms: quantileOfSorted(sorted, 0.95) / 1_000,
        p99Ms: quantileOfSorted(sorted, 0.99) / 1_000,
        rowsPerStatement: batches === 0 ? 0 : rows / batches,
        perSecond,
      };
    },
  };
}
