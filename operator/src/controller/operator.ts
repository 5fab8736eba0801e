import type { Clock } from '@scholar/runtime/clock';
import type { SettingsValues } from '@scholar/runtime/config';
import { createHealth, type Health } from '@scholar/runtime/health';
import type { Logger } from '@scholar/runtime/log';
import { createMetrics, type Metrics } from '@scholar/runtime/metrics';
import { FIELD_MANAGER, GROUP } from '../crd/names.ts';
import type { ApiCall, KubeApi } from '../kube/api-call.ts';
import { createElector, type Elector, type Timing } from '../kube/elector.ts';
import { createEventRecorder, type EventRecorder } from '../kube/event-recorder.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import { leaseRecord } from '../kube/lease.ts';
import { type Applier, createApplier } from '../kube/server-side-apply.ts';
import { type Controller, createController, type Reconcile } from './controller.ts';
import { counted, leaderOnly } from './guarded-api.ts';
import { CONTROLLER_METRICS, LEADER_GAUGES } from './metrics.ts';
import type { OPERATOR_SETTINGS } from './settings.ts';
import {
  isNews,
  type KeptTable,
  type KnownTable,
  keptTable,
  knownTable,
  TRUTH_TABLES,
} from './truth-tables.ts';

/** What a reconciliation works with. Writes are refused where this process does not lead. */
export interface Tools {
  table: (key: string) => KnownTable | undefined;
  api: KubeApi;
  applier: Applier;
  events: EventRecorder;
  metrics: Metrics<typeof CONTROLLER_METRICS>;
  clock: Clock;
  log: Logger;
}

/** What runs beside the passes for as long as the process does, also where it does not lead. */
export interface Beside {
  start: () => void;
  stop: () => Promise<void>;
}

export type MakeBeside = (of: {
  tools: Tools;
  settings: SettingsValues<typeof OPERATOR_SETTINGS>;
}) => Beside | undefined;

export interface OperatorOptions {
  settings: SettingsValues<typeof OPERATOR_SETTINGS>;
  /** Who we are, unique among replicas. */
  identity: string;
  api: KubeApi;
  reconcile: (tools: Tools) => Reconcile;
  beside?: MakeBeside | undefined;
  clock: Clock;
  random: () => number;
  log: Logger;
  timing?: Timing;
}

export interface Operator {
  health: Health;
  metrics: Metrics<typeof CONTROLLER_METRICS>;
  informer: Informer<KeptTable>;
  isLeader: () => boolean;
  start: () => void;
  /** Ends the passes under way, then the watch, then gives the Lease back. */
  stop: () => Promise<void>;
}

/** The Lease of every operator of one namespace. */
const LEASE = 'scholar-operator';
/** Failures of the watch in a row, about a minute of them, beyond which nobody should believe what we know. */
const MOST_FAILURES = 8;

/**
 * The operator without its listener: one informer, one queue, one leader. A follower watches too, so that it leads with
 * what it knows; on taking the lead every object is looked at once.
 */
export function createOperator(options: OperatorOptions): Operator {
  const { settings, identity, clock, random, log } = options;
  const metrics = createMetrics(CONTROLLER_METRICS, { app: 'scholar_operator' }, { process: true });
  const api = counted(options.api, (call: ApiCall, status) => {
    metrics.counter('operator_api_calls_total').labels(call.verb, call.resource.plural, status).inc();
  });
  const isLeader = (): boolean => elector?.isLeader() ?? !settings.LEADER_ELECTION;
  const ours = leaderOnly(api, isLeader);
  const tools: Tools = {
    table: (key) => {
      const kept = informer.get(key);
      return kept === undefined ? undefined : knownTable(kept);
    },
    api: ours,
    applier: createApplier({ api: ours, fieldManager: FIELD_MANAGER }),
    events: createEventRecorder({
      api: ours,
      controller: `${GROUP}/operator`,
      instance: identity,
      clock,
      log,
      onDropped: (why) => metrics.counter('operator_events_dropped_total').labels(why).inc(),
    }),
    metrics,
    clock,
    log,
  };
  const beside = options.beside?.({ tools, settings });
  const controller: Controller = createController({
    reconcile: options.reconcile(tools),
    workers: settings.WORKERS,
    passTimeoutMs: settings.PASS_TIMEOUT_MS,
    clock,
    random,
    log,
    metrics,
  });
  const informer = createInformer<KeptTable>({
    api,
    resource: TRUTH_TABLES,
    namespace: settings.WATCH_NAMESPACE,
    keep: keptTable,
    onChange: (key, now, before) => {
      if (now === undefined) controller.forget(key);
      if (isNews(now, before)) controller.enqueue(key);
    },
    clock,
    random,
    log,
  });

  const alone = new AbortController();
  let working: Promise<unknown> = Promise.resolve();
  function lead(signal: AbortSignal): void {
    const before = working;
    working = (async () => {
      // The passes of a term that ended may still be ending.
      await before;
      await Promise.race([informer.synced, aborted(signal)]);
      for (const key of informer.keys()) controller.enqueue(key);
      await controller.run(signal);
    })();
  }

  const elector: Elector | undefined = settings.LEADER_ELECTION
    ? createElector({
        lease: leaseRecord(api, { namespace: settings.POD_NAMESPACE, name: LEASE, ...leaseLabels(settings) }),
        identity,
        onLead: (signal) => lead(AbortSignal.any([signal, alone.signal])),
        clock,
        random,
        log,
        ...(options.timing === undefined ? {} : { timing: options.timing }),
      })
    : undefined;

  metrics.collect(() => {
    metrics.gauge('operator_waiting').set(controller.waiting());
    metrics.gauge('operator_objects').set(informer.size());
    metrics.gauge('operator_watch_failures').set(informer.failures());
    metrics.gauge('operator_leader').set(isLeader() ? 1 : 0);
    if (!isLeader()) for (const name of LEADER_GAUGES) metrics.gauge(name).reset();
  });
  const health = createHealth();
  health.check('watch', () => watchState(informer));
  health.check('leader', () => (isLeader() ? 'this process leads' : 'somebody else leads'));

  return {
    health,
    metrics,
    informer,
    isLeader,
    start() {
      informer.start();
      beside?.start();
      if (elector === undefined) lead(alone.signal);
      else elector.start();
    },
    async stop() {
      alone.abort();
      await Promise.all([working, beside?.stop()]);
      await informer.stop();
      await elector?.stop();
    },
  };
}

/** Uninstalling Helm knows nothing of the Lease: it is found by the label of the release. */
function leaseLabels({ INSTANCE: instance }: OperatorOptions['settings']): {
  labels?: Record<string, string>;
} {
  return instance === undefined ? {} : { labels: { 'app.kubernetes.io/instance': instance } };
}

function watchState(informer: Informer<KeptTable>): string {
  const failures = informer.failures();
  if (!informer.isSynced()) throw new Error('the TruthTables have not been listed yet');
  if (failures >= MOST_FAILURES) throw new Error(`the watch failed ${failures} times in a row`);
  return `${informer.size()} TruthTables are known`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
