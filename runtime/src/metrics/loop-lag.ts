import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/**
 * How often the event loop is looked at, ms. The library looks every 10 ms: a hundred wake-ups a second of a process that
 * does nothing, more than all else that an idle forwarder does. A stall of 200 ms and more is always seen, a shorter one now
 * and then.
 */
const EVERY_MS = 200;
/** The library's own looks (at the utilization every 100 ms), made so rare that they never happen. */
const NEVER_MS = 2 ** 31 - 1;

const OF_THE_LIBRARY = [
  ...['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
    (which) => `nodejs_eventloop_lag${which}_seconds`,
  ),
  ...['summary', 'histogram'].map((type) => `nodejs_eventloop_utilization_${type}`),
];

/**
 * The metrics of the process that the library knows, but for those of the event loop, which are ours: by how much it was
 * late since the last scrape, without the time between two looks, and which share of the time it worked.
 */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: NEVER_MS,
    eventLoopUtilizationTimeout: NEVER_MS,
  });
  for (const name of OF_THE_LIBRARY) registry.removeSingleMetric(name);
  tellLag(registry);
  tellUtilization(registry);
}

function tellLag(registry: Registry): void {
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  delays.enable();
  const gauge = (which: string, help: string, collect: (this: Gauge) => void = () => undefined) =>
    new Gauge({ name: `nodejs_eventloop_lag_${which}_seconds`, help, registers: [registry], collect });
  // First, because metrics are collected in the order of their registration: it sets the others, all from one reading.
  gauge('max', 'By how much the event loop was late since the last scrape, at most.', function (this: Gauge) {
    this.set(late(delays.max));
    median.set(late(delays.percentile(50)));
    p99.set(late(delays.percentile(99)));
    delays.reset();
  });
  const median = gauge('p50', 'By how much the event loop was late since the last scrape, median.');
  const p99 = gauge('p99', 'By how much the event loop was late since the last scrape, 99th percentile.');
}

function tellUtilization(registry: Registry): void {
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time since the last scrape in which the event loop worked.',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
}

/** Seconds of lateness in a delay of nanoseconds; 0 before the first look. */
function late(delayNs: number): number {
  return Math.max(0, delayNs / 1e9 - EVERY_MS / 1_000);
}
