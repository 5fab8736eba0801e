import { hostname } from 'node:os';
import { APPS } from '@scholar/contract';
import type { Express } from 'express';
import { type Clock, systemClock } from '../clock/index.ts';
import type { Env, LoadedSettings, SettingsShape } from '../config/index.ts';
import { migrate, type SchemaTooNew } from '../db/index.ts';
import type { Emitter } from '../emit/index.ts';
import { createHealth, type Health } from '../health/index.ts';
import { createApp, type Listening, listen } from '../http/index.ts';
import type { Component, Lifecycle } from '../lifecycle/index.ts';
import type { Logger } from '../log/index.ts';
import type { MetricTable } from '../metrics/index.ts';
import { type Ops, startOps } from '../ops/index.ts';
import { OUTBOX_MIGRATIONS, outboxDocument } from '../outbox/index.ts';
import {
  createForwarderErasures,
  NOTHING_KEPT,
  personalDataRoutes,
  tellForwarder,
} from '../personal-data/index.ts';
import { createRunning, type Running } from '../running/index.ts';
import { type Core, createCore, depsOf, missingNow } from './core.ts';
import { checkDatabase } from './database.ts';
import { ANSWER_WITHIN_MS, answerWithin, dependencyAway, untilReady } from './gate.ts';
import { createSchema, type Schema } from './schema.ts';
import type { CommonSettings } from './settings.ts';
import type { BuiltService, ServiceDeps, ServiceSpec } from './spec.ts';

export type ServiceOptions<S extends SettingsShape, M extends MetricTable> = {
  spec: ServiceSpec<S, M>;
  loaded: LoadedSettings<CommonSettings & S>;
  env: Env;
  log: Logger;
  /** The parts are added to it; the caller starts it. */
  lifecycle: Lifecycle;
  /** The schema belongs to a newer release: end the process with the error's exit code. */
  onTooNew: (error: SchemaTooNew) => void;
  clock?: Clock;
  random?: () => number;
  emitter?: Emitter | undefined;
};

export type Service = {
  /** The ports that were bound, once started. */
  ports(): { public: number; ops: number };
  health: Health;
};

/** Puts one service together and hands its parts to the lifecycle. */
export function createService<S extends SettingsShape, M extends MetricTable>(
  options: ServiceOptions<S, M>,
): Service {
  const { spec, loaded, env, log, emitter, clock = systemClock, random = Math.random } = options;
  const core = createCore({ spec, values: loaded.values, env, log, clock, random, emitter });
  const deps = depsOf<S, M>(core);
  const built = spec.build(deps);
  // What takes the place of the way to the forwarder takes the place of the forwarder.
  const hasForwarder = core.values.EMIT_MODE === 'forwarder' && emitter === undefined;
  const erasures = hasForwarder ? forwarderErasures(core, deps) : undefined;
  const work = createWork(core, [...(erasures ? [erasures] : []), ...(built.background ?? [])]);
  const schema = createSchema({
    migrate: async () => {
      await migrateAll(core, spec);
      // Before the first request: whoever asks about forwarders must hear of this one.
      await erasures?.introduce();
    },
    onReady: work.start,
    onTooNew: options.onTooNew,
    log,
    clock,
    random,
  });
  const health = createServiceHealth(core, built, schema);
  const app = createServiceApp(core, { built, health, schema, deps, hasForwarder });
  const running = runningOf(core, { loaded, built, erasures });
  const listeners = addListeners({ core, lifecycle: options.lifecycle, health, app, running, schema, work });
  return { health, ports: listeners };
}

/** The outbox first: services write to it from their first transaction on. */
async function migrateAll(core: Core, spec: Pick<ServiceSpec, 'migrations'>): Promise<void> {
  const { DATABASE_URL: url } = core.values;
  await migrate({ url, ...OUTBOX_MIGRATIONS, log: core.log });
  await migrate({ url, dir: spec.migrations, log: core.log });
}

function forwarderErasures(core: Core, { fetchJson }: Pick<ServiceDeps, 'fetchJson'>) {
  const { FORWARDER_URL, FORWARDER_KEEPS, REPLICA = hostname() } = core.values;
  return createForwarderErasures({
    ...core,
    place: { name: REPLICA, keeps: FORWARDER_KEEPS },
    tell: tellForwarder(fetchJson, FORWARDER_URL),
  });
}

type Work = { start(): Promise<void>; stop(): Promise<void> };

/** The relay and the service's own background work: started when the schema is there. */
function createWork(core: Core, background: readonly Component[]): Work {
  const started: Component[] = [];
  return {
    async start() {
      core.relay.start();
      for (const component of background) {
        started.push(component);
        await component.start?.();
      }
    },
    async stop() {
      for (const component of started.toReversed()) await component.stop?.();
      await core.relay.stop();
    },
  };
}

function createServiceHealth(core: Core, built: BuiltService, schema: Schema): Health {
  const health = createHealth();
  health.check('database', () => checkDatabase(core.pool));
  health.check('schema', () => schema.assertReady());
  for (const [name, check] of Object.entries(built.checks ?? {})) health.check(name, check);
  return health;
}

type PersonalDataDeps = Omit<Parameters<typeof personalDataRoutes>[1], 'data' | 'hasForwarder'>;

function createServiceApp(
  core: Core,
  parts: {
    built: BuiltService;
    health: Health;
    schema: Schema;
    deps: PersonalDataDeps;
    hasForwarder: boolean;
  },
): Express {
  const { built, health, schema, deps, hasForwarder } = parts;
  const { app, rawBodyPaths = [], contentSources = {}, personalData: data = NOTHING_KEPT } = built;
  return createApp({
    service: APPS[core.label].title,
    log: core.log,
    health,
    metrics: core.metrics,
    environment: core.values.ENVIRONMENT,
    rawBodyPaths,
    contentSources,
    routes(express) {
      express.use(untilReady(schema), core.tracing.middleware, answerWithin(ANSWER_WITHIN_MS));
      // scholar_auth is who asks; it looks after its own tables itself.
      if (core.label !== 'scholar_auth') personalDataRoutes(express, { ...deps, data, hasForwarder });
      app(express);
      express.use(dependencyAway);
    },
  });
}

function runningOf(
  core: Core,
  {
    loaded,
    built,
    erasures,
  }: {
    loaded: Parameters<typeof createRunning>[0]['settings'];
    built: BuiltService;
    erasures: Pick<ReturnType<typeof forwarderErasures>, 'findings'> | undefined;
  },
): () => Running {
  const { label, values, sender, secrets, relay } = core;
  // Of secrets only what is true now counts; everything else is as it was at the start.
  const absent = loaded.missing.filter((name) => !secrets.has(name));
  const unusable = loaded.findings.filter((finding) => !secrets.has(finding.split(':', 1)[0] ?? ''));
  return createRunning({
    label,
    role: 'app',
    environment: values.ENVIRONMENT,
    settings: loaded,
    now() {
      const facts = sender.facts();
      const { parked, failing } = relay.state();
      const outbox = [
        ...(parked > 0 ? [`${parked} events were refused for good and are parked in the outbox`] : []),
        ...(failing === undefined ? [] : [`events cannot be handed over now: ${failing}`]),
      ];
      const findings = [
        ...unusable,
        ...secrets.problems(),
        ...outbox,
        ...(erasures?.findings() ?? []),
        ...(built.findings?.() ?? []),
      ];
      const missing = [...absent, ...missingNow(core, facts)];
      return { ...facts, settings: secrets.report(), missing, findings };
    },
  });
}

/**
 * The order of the start, and in reverse of the stop: the public port closes first, then the work that it caused is
 * finished, then what both needed. The ops listener answers from the first moment to the last.
 */
function addListeners(parts: {
  core: Core;
  lifecycle: Lifecycle;
  health: Health;
  app: Express;
  running: () => Running;
  schema: Schema;
  work: Work;
}): () => { public: number; ops: number } {
  const { core, lifecycle, health, running, schema, work } = parts;
  const { values, log, metrics, relay } = core;
  let ops: Ops | undefined;
  let front: Listening | undefined;
  lifecycle.add('the export of spans', core.tracer);
  lifecycle.add('the ops listener', {
    async start() {
      const status = () => ({ label: core.label, outbox: relay.state() });
      const documents = { '/outbox': outboxDocument(core.pool, () => relay.state()) };
      ops = await startOps({
        host: values.OPS_HOST,
        port: values.OPS_PORT,
        health,
        metrics,
        running,
        status,
        documents,
        log,
      });
    },
    stop: () => ops?.close(),
  });
  lifecycle.add('the database connections', { stop: () => core.pool.end() });
  lifecycle.add('the secrets', { stop: () => core.secrets.close() });
  lifecycle.add('the way out for events', { stop: () => core.sender.close() });
  lifecycle.add('background work', { stop: work.stop });
  lifecycle.add('the database schema', { start: schema.start, stop: schema.stop });
  lifecycle.add('the public listener', {
    async start() {
      front = await listen(parts.app, { host: values.HOST, port: values.PORT });
    },
    stop: () => front?.close(),
  });
  return () => ({ public: front?.port ?? 0, ops: ops?.port ?? 0 });
}
