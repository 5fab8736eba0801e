import type { AppLabel, Environment, ForwarderConservation } from '@scholar/contract';
import { type Clock, systemClock } from '@scholar/runtime/clock';
import type { SecretSource } from '@scholar/runtime/config';
import { createHealth, type Health } from '@scholar/runtime/health';
import type { Logger } from '@scholar/runtime/log';
import { createMetrics, type Metrics } from '@scholar/runtime/metrics';
import { VERSION } from '@scholar/runtime/running';
import { createTracer } from '@scholar/runtime/tracing';
import { conservationDocument } from './conservation/conservation-document.ts';
import { Delivery } from './delivery/delivery.ts';
import { followDestination } from './delivery/destination-source.ts';
import { createLedger } from './delivery/ledger.ts';
import { DEFAULT_PACING, type Pacing } from './delivery/pacing.ts';
import { createSender } from './delivery/sender.ts';
import { type Intake, startIntake } from './intake/intake.ts';
import { recentCount } from './intake/recent-count.ts';
import { FORWARDER_METRICS, type ForwarderMetrics } from './metrics.ts';
import { collectGauges } from './ops/gauges.ts';
import { type RunningFacts, runningFacts } from './ops/running-facts.ts';
import { forwarderStatus } from './ops/status.ts';
import type { Outbox } from './outbox/index.ts';

export type ForwarderDeps = {
  label: AppLabel;
  environment: Environment;
  /** Open; the forwarder closes it when it stops. */
  outbox: Outbox;
  url: SecretSource;
  key: SecretSource;
  controlToken: SecretSource;
  canaryKey: SecretSource;
  pacing?: Partial<Pacing>;
  clock?: Clock;
  random?: () => number;
  /** Where spans go, OTLP over HTTP; undefined: nowhere. */
  otlpEndpoint?: string | undefined;
  log: Logger;
};

export interface Forwarder {
  readonly health: Health;
  readonly metrics: Metrics<ForwarderMetrics>;
  status(): ReturnType<typeof forwarderStatus>;
  /** What A8 has acknowledged, minute by minute; undefined: the query is none. */
  conservation(query: URLSearchParams): ForwarderConservation | undefined;
  running(): RunningFacts;
  /** Begins to deliver, then to accept. */
  start(listen: { host: string; port: number }): Promise<Intake>;
  /**
   * Stops accepting, makes one bounded attempt to deliver, syncs and closes the outbox. What is left stays on disk.
   * @returns how many were delivered meanwhile, and how many are left.
   */
  stop(): Promise<{ delivered: number; left: number }>;
}

/** Wires a forwarder; nothing listens and nothing is sent before `start`. */
export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { label, environment, outbox, log, clock = systemClock, random = Math.random } = deps;
  const pacing = { ...DEFAULT_PACING, ...deps.pacing };
  const metrics = createMetrics(FORWARDER_METRICS, { app: label }, { process: true });
  const ledger = createLedger(metrics, outbox.lastDelivery);
  const tracer = createTracer({
    endpoint: deps.otlpEndpoint,
    process: { name: `${label}-forwarder`, version: VERSION, environment },
    ...{ metrics, log, clock },
  });
  const destination = followDestination(deps);
  const sender = createSender({ connections: pacing.maxInFlight, timeoutMs: pacing.attemptTimeoutMs });
  const delivery = new Delivery({
    outbox,
    sender,
    destination,
    pacing,
    clock,
    random,
    log,
    ledger,
    tracer,
  });
  const health = createHealth();
  // "The disk works", and nothing else: an A8 that is away must not take the application out of its Service.
  health.check('outbox', () => assertWritable(outbox));
  collectGauges({ metrics, outbox, delivery, ledger, clock });
  // Guards that are tried on purpose are no app that is wrong.
  const refusedPii = recentCount(clock);
  const status = () => forwarderStatus({ label, outbox, delivery, ledger, refusedPii, clock });
  let intake: Intake | undefined;

  return {
    health,
    metrics,
    status,
    conservation: (query) => conservationDocument(outbox, query),
    running: () => runningFacts(deps, destination),
    async start({ host, port }) {
      delivery.start();
      const appendedTotal = metrics.counter('forwarder_appended_total');
      const discardedTotal = metrics.counter('forwarder_discarded_total');
      const refusedTotal = metrics.counter('forwarder_intake_refused_total');
      intake = await startIntake({
        host,
        port,
        deps: {
          outbox,
          delivery,
          waiters: delivery.waiters,
          token: deps.controlToken,
          policy: {
            side: 'forwarder',
            ownLabel: label,
            legacyAliases: 'accept',
            environment,
            // Read for each request: the file behind it may change.
            get canaryKey() {
              return deps.canaryKey.current();
            },
            now: clock.now,
          },
          clock,
          tracer,
          log,
          status,
          appended: () => appendedTotal.inc(),
          discarded: () => discardedTotal.inc(),
          refused: (code, canary) => {
            refusedTotal.labels(code, String(canary)).inc();
            if (code === 'pii_detected' && !canary) refusedPii.add();
          },
        },
      });
      return intake;
    },
    async stop() {
      await intake?.close();
      const { delivered } = await delivery.stop();
      const left = outbox.stats().depth;
      deps.controlToken.close();
      deps.canaryKey.close();
      await outbox.close();
      await tracer.stop?.();
      return { delivered, left };
    },
  };
}

function assertWritable(outbox: Outbox): void {
  const { ok, detail } = outbox.health();
  if (!ok) throw new Error(detail ?? 'the last write to the outbox failed');
}
