import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import { type LoadedSettings, secretSource } from '@scholar/runtime/config';
import type { Logger } from '@scholar/runtime/log';
import { createForwarder, type Forwarder } from './app.ts';
import type { FORWARDER_SETTINGS } from './config.ts';
import { DEFAULT_PACING } from './delivery/pacing.ts';
import { sameEvent } from './intake/same-event.ts';
import { openOutbox } from './outbox/index.ts';

const HOUR_MS = 3_600_000;

/**
 * Opens the outbox and wires a forwarder as the settings say.
 * @throws OutboxLocked, OutboxTooNew, or the disk's own error when the folder cannot be used.
 */
export async function openForwarder(
  settings: LoadedSettings<typeof FORWARDER_SETTINGS>,
  log: Logger,
): Promise<Forwarder> {
  const { values } = settings;
  const outbox = await openOutbox({
    dir: resolve(values.OUTBOX_DIR),
    name: values.FORWARDER_ID ?? `${values.APP_LABEL}@${hostname()}`,
    clock: systemClock,
    log,
    maxBytes: values.OUTBOX_MAX_BYTES,
    retainBytes: values.OUTBOX_RETAIN_BYTES,
    retainMs: values.OUTBOX_RETAIN_HOURS * HOUR_MS,
    sameContent: sameEvent,
  });
  const intervalMs = values.RELOAD_INTERVAL;
  return createForwarder({
    label: values.APP_LABEL,
    environment: values.ENVIRONMENT,
    outbox,
    url: secretSource({ name: 'A8_URL', intervalMs }),
    key: secretSource({ name: 'A8_KEY', intervalMs }),
    controlToken: secretSource({ name: 'CONTROL_TOKEN', intervalMs }),
    canaryKey: secretSource({ name: 'CANARY_KEY', intervalMs }),
    pacing: {
      maxInFlight: values.MAX_IN_FLIGHT,
      retryCapMs: values.RETRY_CAP,
      holdProbeMs: values.HOLD_PROBE,
      attemptTimeoutMs: values.ATTEMPT_TIMEOUT,
      // A stop has four parts: answering what came in, this, closing the outbox, and the ops listener.
      drainMs: Math.min(DEFAULT_PACING.drainMs, values.SHUTDOWN_TIMEOUT_MS / 4),
    },
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    log,
  });
}
