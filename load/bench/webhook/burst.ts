import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { digits } from '../statistics.ts';
import { createDeliveries } from './delivery.ts';
import type { BurstResult } from './result.ts';

export type BurstPlan = {
  url: string;
  secret: string;
  providers: number;
  events: number;
  connections: number;
  /** Called once, when a third of the events is taken: ends the process and starts it again. */
  breakIt: () => Promise<void>;
};

/** Stripe waits minutes and hours; so that a burst ends within minutes, this waits a second on average. */
const WAIT_MS = 2_000;
/** As long as Stripe waits for an answer at most. */
const ANSWER_WITHIN_MS = 10_000;
const GIVE_UP_AFTER_MS = 300_000;

/**
 * Everything at once, as after an outage: each event is sent until it is answered 2xx, as Stripe does, every tenth is sent
 * twice from the start, and the process is killed in the middle.
 * @throws Error when an event is not taken within five minutes
 */
export async function burst(plan: BurstPlan): Promise<{ ids: string[]; seen: BurstResult }> {
  const { url, secret, providers, events, connections } = plan;
  const ids = Array.from({ length: events }, () => randomUUID());
  const sign = Array.from({ length: providers }, (_, at) =>
    createDeliveries({ secret, provider: `provider-${at}` }),
  );
  const queue = ids.flatMap((id, at) => {
    const one = { id, sign: sign[at % providers] as (typeof sign)[number] };
    return at % 10 === 0 ? [one, one] : [one];
  });
  const count = { deliveries: 0, refused: 0, unanswered: 0, taken: 0, longestMs: 0 };
  let broken: Promise<void> | undefined;
  const fromMs = performance.now();

  async function deliver({ id, sign: make }: (typeof queue)[number]): Promise<boolean> {
    const { body, signature } = make(id);
    const sentMs = performance.now();
    count.deliveries += 1;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.arrayBuffer();
      count.longestMs = Math.max(count.longestMs, performance.now() - sentMs);
      if (answer.ok) return true;
      count.refused += 1;
    } catch {
      count.unanswered += 1;
    }
    return false;
  }

  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      while (!(await deliver(next))) {
        if (performance.now() - fromMs > GIVE_UP_AFTER_MS) throw new Error('an event was never taken');
        await sleep(Math.random() * WAIT_MS);
      }
      count.taken += 1;
      if (count.taken >= events / 3) broken ??= plan.breakIt();
    }
  }

  await Promise.all(Array.from({ length: connections }, work));
  await broken;
  return {
    ids,
    seen: {
      ...{ events, connections, deliveries: count.deliveries },
      ...{ refused: count.refused, unanswered: count.unanswered, longestMs: digits(count.longestMs) },
      tookMs: digits(performance.now() - fromMs),
    },
  };
}
