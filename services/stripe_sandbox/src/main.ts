#!/usr/bin/env node
import { EXIT_USAGE, logSettings, parseSettingsOrExit, secretSource } from '@scholar/runtime/config';
import { createLifecycle } from '@scholar/runtime/lifecycle';
import { createLogger } from '@scholar/runtime/log';
import { createSandbox } from './sandbox.ts';
import { SANDBOX_SETTINGS } from './settings.ts';

const settings = parseSettingsOrExit(SANDBOX_SETTINGS);
const { values } = settings;
if (values.ENVIRONMENT === 'production') {
  process.stderr.write(
    'stripe_sandbox is for trials and refuses ENVIRONMENT=production: unset STRIPE_API_URL and use the real Stripe.\n',
  );
  process.exit(EXIT_USAGE);
}
const log = createLogger({ label: 'stripe_sandbox', role: 'sandbox', level: values.LOG_LEVEL });
logSettings(settings, log);
const lifecycle = createLifecycle({ log, stopTimeoutMs: values.SHUTDOWN_TIMEOUT_MS });
lifecycle.add(
  'sandbox',
  createSandbox({ settings, secret: secretSource({ name: 'SANDBOX_WEBHOOK_SECRET' }), log }),
);
await lifecycle.run();
