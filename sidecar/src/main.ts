import { logSettings, parseSettingsOrExit } from '@scholar/runtime/config';
import { createLifecycle } from '@scholar/runtime/lifecycle';
import { createLogger } from '@scholar/runtime/log';
import { type Ops, startOps } from '@scholar/runtime/ops';
import { createRunning } from '@scholar/runtime/running';
import type { Forwarder } from './app.ts';
import { FORWARDER_SETTINGS } from './config.ts';
import { openForwarder } from './open-forwarder.ts';

const settings = parseSettingsOrExit(FORWARDER_SETTINGS);
const { values } = settings;
const { APP_LABEL: label, ENVIRONMENT: environment } = values;
const log = createLogger({ label, role: 'forwarder', level: values.LOG_LEVEL });
const lifecycle = createLifecycle({ log, stopTimeoutMs: values.SHUTDOWN_TIMEOUT_MS });
let forwarder: Forwarder;
let ops: Ops | undefined;

logSettings(settings, log);

lifecycle.add('the outbox and the ops listener', {
  start: async () => {
    forwarder = await openForwarder(settings, log);
    const { health, metrics, status, conservation } = forwarder;
    const running = createRunning({
      label,
      role: 'forwarder',
      environment,
      settings,
      now: () => forwarder.running(),
    });
    const { OPS_HOST: host, OPS_PORT: port } = values;
    const documents = { '/conservation': conservation };
    ops = await startOps({ host, port, health, metrics, running, status, documents, log });
    log.info({ port: ops.port }, 'the ops listener is ready');
  },
  stop: () => ops?.close(),
});
lifecycle.add('the forwarder', {
  start: async () => {
    const intake = await forwarder.start({ host: values.INTAKE_HOST, port: values.INTAKE_PORT });
    log.info({ port: intake.port }, 'the intake is ready');
  },
  stop: async () => {
    const { delivered, left } = await forwarder.stop();
    // At exit, so that it is the last line whatever else stops after us.
    process.once('exit', () => log.info({ delivered, left }, `delivered ${delivered}, left ${left}`));
  },
});
await lifecycle.run();
