import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { labelOf, outgoing } from '../event.ts';

export type Fleet = {
  /** Sends as fast as receipts come until `durationMs` is over, and resolves when all are answered. */
  send(durationMs: number): Promise<Sent>;
  close(): Promise<void>;
};

/** Write times in milliseconds, one an event, from the call of the client to the whole answer. */
export type Sent = { acknowledged: number; elapsedMs: number; writeMs: Float64Array };

/**
 * `senders` forwarders with `window` requests in flight each, spread evenly over the replicas as a load balancer
 * would. The same client as the forwarder's: undici over kept connections.
 * @throws Error at the first answer that is not a receipt of a new row: then the round means nothing.
 */
export function createFleet(input: {
  origins: readonly string[];
  senders: number;
  window: number;
  key: string;
  bodies: readonly Buffer[];
}): Fleet {
  const { origins, senders, window, key, bodies } = input;
  const places = Array.from({ length: senders * window }, (_, index) => ({
    sender: Math.floor(index / window),
    origin: index % origins.length,
  }));
  const pools = new Map<string, Pool>();
  for (const { sender, origin } of places) {
    const name = `${sender} ${origin}`;
    const url = origins[origin];
    if (pools.has(name) || url === undefined) continue;
    const connections = places.filter((place) => place.sender === sender && place.origin === origin).length;
    pools.set(name, new Pool(url, { connections, allowH2: false }));
  }

  async function post(place: (typeof places)[number], body: Buffer): Promise<void> {
    const { headers } = outgoing({ label: labelOf(place.sender), id: randomUUID(), key, body });
    const pool = pools.get(`${place.sender} ${place.origin}`);
    if (pool === undefined) throw new Error('a sender without connections');
    const answer = await pool.request({ method: 'POST', path: '/events', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 201 || !text.includes('"persisted":true')) {
      throw new Error(`A8 answered ${answer.statusCode} instead of a receipt: ${text.slice(0, 300)}`);
    }
  }

  return {
    async send(durationMs) {
      const times: number[] = [];
      const from = performance.now();
      const until = from + durationMs;
      let turn = 0;
      await Promise.all(
        places.map(async (place) => {
          for (let now = performance.now(); now < until; now = performance.now()) {
            turn += 1;
            const body = bodies[turn % bodies.length];
            if (body === undefined) throw new Error('there is no body to send');
            await post(place, body);
            times.push(performance.now() - now);
          }
        }),
      );
      return {
        acknowledged: times.length,
        elapsedMs: performance.now() - from,
        writeMs: Float64Array.from(times).sort(),
      };
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
