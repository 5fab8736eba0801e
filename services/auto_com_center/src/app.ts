import { randomBytes } from 'node:crypto';
import { createApp, type Express } from '@scholar/runtime/http';
import type { Component } from '@scholar/runtime/lifecycle';
import { closeServer, listenOn } from '@scholar/runtime/listener';
import { startOps } from '@scholar/runtime/ops';
import { requireKey, requireReader } from './access/require-role.ts';
import { useSessions } from './access/session-routes.ts';
import { Sessions } from './access/sessions.ts';
import { useApi } from './api-page/api-routes.ts';
import { useConservation } from './conservation/conservation-routes.ts';
import { useDashboard } from './dashboard/dashboard-routes.ts';
import { databaseErrors } from './database/database-errors.ts';
import { useErasure } from './erasure/erasure-routes.ts';
import { useOperations } from './operations/operations-routes.ts';
import { createParts, type HubDeps, type Parts } from './parts.ts';
import { createPublicServer } from './public-server.ts';
import { readObservations } from './read/observations.ts';
import { useReading } from './read/read-routes.ts';
import { collectGauges, createHubHealth, createHubRunning } from './self-report.ts';

/** A8, composed and not yet started. */
export type Hub = {
  /** In the order of their start; they stop in the reverse. */
  components: readonly (readonly [name: string, component: Component])[];
  /** The bound ports, known once started. */
  ports: { public: number; ops: number };
};

/** Wires A8 together: parts, routes, listeners. */
export function createHub(deps: HubDeps): Hub {
  const parts = createParts(deps);
  const ports = { public: 0, ops: 0 };
  const { pools, keys, canaryKey, sightings, ingest, schema, expiry, erasure, verdicts } = parts;
  collectGauges(parts, { clock: deps.clock, environment: deps.settings.values.ENVIRONMENT });
  const components = [
    ['export of spans', parts.tracer],
    ['database connections', { stop: () => pools.end() }],
    ['key ring', keys],
    ['canary key', { stop: () => canaryKey.close() }],
    ['database schema', schema],
    ['sightings', sightings],
    ['record of refusals', { stop: () => ingest.recorder.close() }],
    ['ingest', { stop: () => ingest.batcher.close() }],
    ['verdict watch', verdicts],
    ['expiry', expiry],
    ['erasure', erasure],
    ['ops listener', opsListener(deps, parts, ports)],
    ['public listener', publicListener(deps, parts, ports)],
  ] as const;
  return { components, ports };
}

function opsListener(deps: HubDeps, parts: Parts, ports: Hub['ports']): Component {
  const { OPS_HOST: host, OPS_PORT: port } = deps.settings.values;
  let close = async (): Promise<void> => {};
  return {
    async start() {
      const { metrics } = parts;
      const running = createHubRunning(deps, parts);
      const ops = await startOps({
        host,
        port,
        health: createHubHealth(deps, parts),
        metrics,
        running,
        log: deps.log,
      });
      ports.ops = ops.port;
      close = () => ops.close();
    },
    stop: () => close(),
  };
}

function publicListener(deps: HubDeps, parts: Parts, ports: Hub['ports']): Component {
  const { HOST: host, PORT: port, MAX_CONNECTIONS: maxConnections } = deps.settings.values;
  const { receiveEvent } = parts.ingest;
  const isProduction = deps.settings.values.ENVIRONMENT === 'production';
  const app = createHubApp(deps, parts);
  const server = createPublicServer({ receiveEvent, app, maxConnections, httpsOnly: isProduction });
  return {
    async start() {
      ports.public = await listenOn(server, { host, port, what: 'the public listener' });
    },
    async stop() {
      parts.tails.close();
      if (server.listening) await closeServer(server, { graceMs: 5_000 });
    },
  };
}

function createHubApp(deps: HubDeps, parts: Parts): Express {
  const { clock, log } = deps;
  const { pools, keys, metrics, latency, sightings, tails, truthTable } = parts;
  const ring = () => keys.ring;
  const now = () => clock.now();
  const sessions = new Sessions({ pool: pools.read, ring, now, randomBytes });
  const access = { ring, now, sessions, randomBytes };
  const reader = requireReader(access);
  const keyIdOf = (token: string | undefined) => {
    const match = ring().match(token, 'operations', now());
    return match.ok ? match.key.id : 'unknown';
  };
  const observations = () =>
    readObservations({ pool: pools.read, sightings, latency, ring: ring(), nowMs: now() });
  return createApp({
    log,
    metrics,
    service: 'A8 HQ',
    health: createHubHealth(deps, parts),
    environment: deps.settings.values.ENVIRONMENT,
    routes: (app) => {
      const requireOperations = requireKey('operations', access);
      useOperations(app, { pool: pools.operations, requireOperations });
      useApi(app);
      useConservation(app, { pool: pools.read, requireOperations });
      useErasure(app, { pool: pools.operations, requireOperations, actors: parts.erasedActors, keyIdOf });
      useReading(app, { pool: pools.read, requireReader: reader, tails, truthTable, observations });
      useSessions(app, access);
      const dashboard = { latency, sightings, truthTable, clock, sessions, randomBytes };
      useDashboard(app, { ...dashboard, pool: pools.read, requireReader: reader });
      app.use(databaseErrors);
    },
  });
}
