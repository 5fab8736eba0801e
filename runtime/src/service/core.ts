import { createServiceTokens, createTokenVerifier, keptKeysIn } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Env, SettingsShape, SettingsValues } from '../config/index.ts';
import { createPool } from '../db/index.ts';
import { createEmitter, EMIT_METRICS, type EmitFacts, type Emitter } from '../emit/index.ts';
import { HTTP_METRICS } from '../http/index.ts';
import type { Logger } from '../log/index.ts';
import { createMetrics, type MetricTable } from '../metrics/index.ts';
import { createRelay, OUTBOX_METRICS } from '../outbox/index.ts';
import { VERSION } from '../running/index.ts';
import { createTracer, TRACING_METRICS } from '../tracing/index.ts';
import { createFetchJson } from './fetch-json.ts';
import { ANSWER_WITHIN_MS } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createSecrets } from './secrets.ts';
import { type CommonSettings, commonSettings } from './settings.ts';
import type { None, ServiceDeps, ServiceSpec } from './spec.ts';
import { createTracing } from './trace.ts';

/** Every metric of every service; the documentation is made from this table. */
export const SERVICE_METRICS = { ...HTTP_METRICS, ...EMIT_METRICS, ...OUTBOX_METRICS, ...TRACING_METRICS };

export type CoreOptions<S extends SettingsShape, M extends MetricTable> = {
  spec: ServiceSpec<S, M>;
  values: SettingsValues<CommonSettings & S>;
  env: Env;
  log: Logger;
  clock: Clock;
  random: () => number;
  /** Takes the place of the HTTP emitter in tests. */
  emitter?: Emitter | undefined;
};

export type Core = ReturnType<typeof createCore>;

/** The parts that all services have, made from settings. Nothing here does I/O yet. */
export function createCore<S extends SettingsShape, M extends MetricTable>(options: CoreOptions<S, M>) {
  const { spec, env, log, clock, random } = options;
  const values = options.values as SettingsValues<CommonSettings>;
  const { label } = spec;
  const metrics = createMetrics<typeof SERVICE_METRICS>(
    { ...SERVICE_METRICS, ...spec.metrics },
    { app: label },
    { process: true },
  );
  const secrets = createSecrets({ ...commonSettings(label), ...spec.settings }, env);
  const tracer = createTracer({
    endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    process: { name: label, version: VERSION, environment: values.ENVIRONMENT },
    ...{ metrics, log, clock },
  });
  const tracing = createTracing({ tracer, clock });
  const pool = createPool({
    url: values.DATABASE_URL,
    applicationName: label,
    max: values.DATABASE_POOL,
    // Nobody waits for what comes after the last moment of a request; a connection that went mute is free soon after.
    statementTimeoutMs: ANSWER_WITHIN_MS,
    log,
  });
  const sender = createEmitter({
    mode: values.EMIT_MODE,
    eventNames: values.EVENT_NAMES,
    forwarderUrl: values.FORWARDER_URL,
    a8Url: values.A8_URL,
    a8Key: secrets.source('A8_KEY'),
    log,
    metrics,
    clock,
    tracer,
  });
  const emitter = options.emitter ?? sender;
  const relay = createRelay({
    pool,
    emitter,
    log,
    metrics,
    clock,
    random,
  });
  return {
    label,
    values,
    metrics,
    secrets,
    tracer,
    tracing,
    pool,
    sender,
    relay,
    log,
    clock,
    random,
  };
}

/** What `build` gets. */
export function depsOf<S extends SettingsShape, M extends MetricTable>(core: Core): ServiceDeps<S, M> {
  const { label, values, metrics, secrets, tracer, tracing, pool, relay, log, clock, random } = core;
  const canaryKey = secrets.source('CANARY_KEY');
  const a1Url = values.A1_URL;
  const deps: ServiceDeps<None, None> = {
    label,
    environment: values.ENVIRONMENT,
    settings: values,
    secret: (name) => secrets.source(name),
    canaryKey,
    log,
    metrics,
    pool,
    clock,
    random,
    ...createRecorder({
      label,
      pool,
      clock,
      canaryKey,
      trace: () => tracing.current()?.context,
      tracer,
      nudge: () => relay.nudge(),
    }),
    verifier: createTokenVerifier({
      jwksUrl: `${a1Url}/.well-known/jwks.json`,
      clock,
      kept: keptKeysIn(pool),
    }),
    serviceTokens: createServiceTokens({ a1Url, label, secret: secrets.source('SERVICE_SECRET'), clock }),
    fetchJson: createFetchJson({ label, tracing, tracer, clock }),
  };
  // The values and metrics of the spec are in there: they were loaded and registered from the merged tables.
  return deps as unknown as ServiceDeps<S, M>;
}

/** `direct` is the only mode in which the app itself needs A8's address and key. */
export function missingNow(core: Pick<Core, 'secrets' | 'values'>, facts: EmitFacts): string[] {
  const { secrets, values } = core;
  const names = secrets.missing();
  if (facts.emit_mode === 'direct' && values.A8_URL === undefined) names.push('A8_URL');
  if (facts.sends_authorization && !secrets.source('A8_KEY').current()) names.push('A8_KEY');
  return names;
}
