/**
 * The process that simulate-outage.ts kills: a real outbox on a real disk and a real delivery loop, on a clock that is
 * told what time it is. `out FROM TO`: A8 is away; appends those events, ten each second of that clock. `drain`: A8 is
 * back; ends when nothing is queued. Prints `a N` when all up to N are acknowledged, `d N` when A8 has committed N,
 * `s JSON` at the end.
 */
import { writeSync } from 'node:fs';
import { silentLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { FakeClock } from '@scholar/runtime/testing';
import { silentTracer } from '@scholar/runtime/tracing';
import { Delivery } from '../../delivery/delivery.ts';
import { createLedger } from '../../delivery/ledger.ts';
import { DEFAULT_PACING } from '../../delivery/pacing.ts';
import type { Sender } from '../../delivery/sender.ts';
import { FORWARDER_METRICS } from '../../metrics.ts';
import { conserves, openOutbox } from '../../outbox/index.ts';
import { receiptFor } from '../a8-stand-in.ts';
import { numberedEvent, numberOf } from './numbered-event.ts';

const EVENT_MS = 100;
/** So many events come at one moment of the simulated clock: ten seconds' worth. */
const AT_ONCE = 100;

const [dir = '', what = '', from = 0, to = 0] = process.argv
  .slice(2)
  .map((text, i) => (i < 2 ? text : Number(text))) as [string, string, number, number];
/** Into a file: what the kernel has taken survives our death, and a pipe may be full. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const clock = new FakeClock(Date.UTC(2026, 10, 24) + from * EVENT_MS);
const outbox = await openOutbox({ dir, clock, maxBytes: 16 * 1024 ** 3 });
let attempts = 0;
const sender: Sender = {
  async send({ body: _body, headers }) {
    attempts += 1;
    if (what === 'out') return { unreachable: 'ECONNREFUSED' };
    const eventId = String(headers['x-event-id']);
    // Before the receipt: what A8 has committed counts, whether we live to hear of it or not.
    say(`d ${numberOf(eventId)}`);
    return {
      answer: {
        status: 201,
        contentType: 'application/json',
        retryAfter: undefined,
        body: JSON.stringify(receiptFor(eventId)),
      },
    };
  },
  close: () => Promise.resolve(),
};
const delivery = new Delivery({
  outbox,
  sender,
  destination: {
    current: () => ({ ok: true, origin: 'http://a8', path: '/events', url: 'http://a8/events', key: 'key' }),
    onChange: () => {},
    close: () => {},
  },
  pacing: DEFAULT_PACING,
  clock,
  random: Math.random,
  log: silentLogger(),
  ledger: createLedger(createMetrics(FORWARDER_METRICS, { app: 'scholar_auth' })),
  tracer: silentTracer,
});
delivery.start();

if (what === 'out') {
  for (let n = from; n < to; n += AT_ONCE) {
    const last = Math.min(to, n + AT_ONCE);
    await Promise.all(Array.from({ length: last - n }, (_, i) => outbox.append(numberedEvent(n + i))));
    say(`a ${last}`);
    await clock.advance(AT_ONCE * EVENT_MS);
  }
} else {
  while (outbox.stats().depth > 0)
    await clock.advance(10).then(() => new Promise((wake) => setImmediate(wake)));
}
const { depth, totals, dead, oldestAcceptedAt } = outbox.stats();
const oldestAgeMs = oldestAcceptedAt === undefined ? 0 : clock.now() - oldestAcceptedAt;
say(
  `s ${JSON.stringify({ depth, totals, dead, oldestAgeMs, attempts, conserves: conserves(outbox.stats()) })}`,
);
// The notes are lazy and the clock stands still: closing writes them. Nobody waits for a delivery that never ends.
await outbox.close();
process.exit(0);
