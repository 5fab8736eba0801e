import { defineSettings, setting } from '@scholar/runtime/config';
import { LOG_LEVELS } from '@scholar/runtime/log';

/** Everything that the sandbox can be told. */
export const SANDBOX_SETTINGS = defineSettings({
  ENVIRONMENT: setting.oneOf({
    values: ['staging', 'production'],
    default: 'staging',
    description: 'Where this runs; the sandbox refuses production',
  }),
  HOST: setting.oneOf({
    values: ['127.0.0.1', '::1', 'localhost', '0.0.0.0'],
    default: '127.0.0.1',
    description:
      'Loopback: the sandbox checks no identities; 0.0.0.0 only in a pod whose NetworkPolicy names the callers',
  }),
  PORT: setting.int({
    default: 4109,
    min: 0,
    max: 65_535,
    description: 'Port of the API and of the payment page',
  }),
  OPS_PORT: setting.int({
    optional: true,
    min: 0,
    max: 65_535,
    description: 'Port of a separate ops listener on loopback; none without it',
  }),
  LOG_LEVEL: setting.oneOf({
    values: LOG_LEVELS,
    default: 'info',
    description: 'Least level that is logged',
  }),
  SHUTDOWN_TIMEOUT_MS: setting.duration({ default: 10_000, description: 'The most that a stop may take' }),
  SANDBOX_DIR: setting.string({ description: 'Folder of the journal, made when it is absent' }),
  SANDBOX_WEBHOOK_URL: setting.url({
    optional: true,
    description: 'An endpoint that is registered from the start and gets every event',
  }),
  SANDBOX_WEBHOOK_SECRET: setting.secret({
    optional: true,
    description: 'Signing secret of that endpoint; of two separated by a comma the first signs',
  }),
  SANDBOX_RETRY_BASE: setting.duration({
    default: 500,
    description: 'Ceiling of the wait after the first failed delivery',
  }),
  SANDBOX_RETRY_CAP: setting.duration({
    default: 30_000,
    description: 'Ceiling of the wait between deliveries',
  }),
});
