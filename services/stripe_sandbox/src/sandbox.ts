/** The composition root: from settings to a running sandbox. */
import { systemClock } from '@scholar/runtime/clock';
import type { LoadedSettings, SecretSource } from '@scholar/runtime/config';
import { createHealth } from '@scholar/runtime/health';
import { HTTP_METRICS, type Listening, listen } from '@scholar/runtime/http';
import type { Component } from '@scholar/runtime/lifecycle';
import type { Logger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { type Ops, startOps } from '@scholar/runtime/ops';
import { createRunning } from '@scholar/runtime/running';
import { createSandboxApp } from './app.ts';
import { randomId } from './identifiers.ts';
import type { SANDBOX_SETTINGS } from './settings.ts';
import { openState, type State } from './state/state.ts';
import { CONFIGURED_ENDPOINT_ID, configuredEndpoint } from './webhooks/configured-endpoint.ts';
import { createDeliverer, type Deliverer } from './webhooks/deliverer.ts';

export type SandboxOptions = {
  settings: LoadedSettings<typeof SANDBOX_SETTINGS>;
  secret: SecretSource;
  log: Logger;
};

/** The sandbox as one component of a lifecycle: state, deliveries, API; stopped in reverse. */
export function createSandbox(options: SandboxOptions): Component & { port(): number } {
  let running: { state: State; deliverer: Deliverer; api: Listening; ops: Ops | undefined } | undefined;
  return {
    async start() {
      running = await start(options);
    },
    async stop() {
      await running?.ops?.close();
      await running?.api.close();
      await running?.deliverer.stop();
      await running?.state.close();
    },
    port: () => running?.api.port ?? 0,
  };
}

async function start({ settings, secret, log }: SandboxOptions) {
  const { values } = settings;
  const state = await openState(values.SANDBOX_DIR, systemClock.now());
  await state.commit(configuredEndpoint(state, values.SANDBOX_WEBHOOK_URL, systemClock.now()));
  const deliverer = createDeliverer({
    state,
    clock: systemClock,
    random: Math.random,
    log,
    backoff: { baseMs: values.SANDBOX_RETRY_BASE, capMs: values.SANDBOX_RETRY_CAP },
    secretOf: (endpoint) =>
      endpoint.id === CONFIGURED_ENDPOINT_ID ? secret.current()?.split(',')[0]?.trim() : endpoint.secret,
  });
  const health = createHealth();
  const metrics = createMetrics(HTTP_METRICS, { app: 'stripe_sandbox' });
  const running = createRunning({
    label: 'stripe_sandbox',
    role: 'sandbox',
    environment: values.ENVIRONMENT,
    settings,
    now: () =>
      values.SANDBOX_WEBHOOK_URL && !secret.current() ? { missing: ['SANDBOX_WEBHOOK_SECRET'] } : {},
  });
  const app = createSandboxApp({
    state,
    deliverer,
    clock: systemClock,
    newId: randomId,
    log,
    health,
    metrics,
    running,
  });
  const api = await listen(app, { host: values.HOST, port: values.PORT });
  const ops =
    values.OPS_PORT === undefined
      ? undefined
      : await startOps({ host: values.HOST, port: values.OPS_PORT, health, metrics, running, log });
  deliverer.start();
  log.info({ port: api.port, objects: state.all('sessions').length }, 'the payment sandbox is open');
  return { state, deliverer, api, ops };
}
