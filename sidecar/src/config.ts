import { APP_LABELS, ENVIRONMENTS } from '@scholar/contract';
import { defineSettings, setting } from '@scholar/runtime/config';
import { LOG_LEVELS } from '@scholar/runtime/log';
import { OTLP_ENDPOINT } from '@scholar/runtime/tracing';

const MIB = 1024 * 1024;

/** Every setting of the forwarder; README.md repeats the table, a test holds the two equal. */
export const FORWARDER_SETTINGS = defineSettings({
  APP_LABEL: setting.oneOf({
    values: APP_LABELS,
    description: 'The app beside this forwarder; no other label is accepted.',
  }),
  ENVIRONMENT: setting.oneOf({
    values: ENVIRONMENTS,
    default: 'staging',
    description: 'Simulations run in staging only.',
  }),
  A8_URL: setting.url({
    optional: true,
    tolerant: true,
    protocols: ['http:', 'https:'],
    description:
      'Base address of A8, re-read while running when it comes from a file. Without it: hold no_url.',
  }),
  A8_KEY: setting.secret({
    description:
      'Key of this app at A8, re-read while running when it comes from a file. Without it: hold no_key.',
  }),
  FORWARDER_ID: setting.string({
    optional: true,
    description:
      'Name in front of the forwarder id that a new outbox folder gets; APP_LABEL@hostname by default.',
  }),
  OUTBOX_DIR: setting.string({
    default: './outbox',
    description: 'Folder of the durable log; its own, never shared.',
  }),
  OUTBOX_MAX_BYTES: setting.int({
    default: 1024 * MIB,
    min: MIB,
    description: 'Quota of that folder; beyond it the intake answers 507 and evicts nothing.',
  }),
  OUTBOX_RETAIN_BYTES: setting.int({
    default: 256 * MIB,
    min: 0,
    description: 'Delivered events are kept for replay up to so many bytes.',
  }),
  OUTBOX_RETAIN_HOURS: setting.int({ default: 24, min: 0, description: 'And so long.' }),
  INTAKE_HOST: setting.string({
    default: '127.0.0.1',
    description: 'Loopback address that the app sends to.',
  }),
  INTAKE_PORT: setting.int({
    default: 4200,
    min: 0,
    max: 65_535,
    description: 'Port of the intake; 0 takes any.',
  }),
  OPS_HOST: setting.string({ default: '0.0.0.0', description: 'Address of health, metrics and status.' }),
  OPS_PORT: setting.int({
    default: 9465,
    min: 0,
    max: 65_535,
    description: 'Port of health, metrics and status; 0 takes any.',
  }),
  CONTROL_TOKEN: setting.secret({
    optional: true,
    description: 'Opens list, show, replay, discard and drain on the intake; without it they are off.',
  }),
  CANARY_KEY: setting.secret({
    optional: true,
    description: 'Verifies canary tokens; without it they are passed on unread.',
  }),
  MAX_IN_FLIGHT: setting.int({
    default: 32,
    min: 1,
    max: 256,
    description: 'Most events on their way to A8 at once, and connections to it.',
  }),
  RETRY_CAP: setting.duration({
    default: 10_000,
    description: 'Longest pause between two attempts while A8 is away.',
  }),
  HOLD_PROBE: setting.duration({
    default: 15_000,
    description: 'Pause between two probes while delivery is held.',
  }),
  ATTEMPT_TIMEOUT: setting.duration({ default: 10_000, description: 'Longest wait for one answer of A8.' }),
  RELOAD_INTERVAL: setting.duration({
    default: 5_000,
    description: 'How often the files of A8_URL and of the secrets are read again.',
  }),
  LOG_LEVEL: setting.oneOf({
    values: LOG_LEVELS,
    default: 'info',
    description: 'Least severe line that is written.',
  }),
  SHUTDOWN_TIMEOUT_MS: setting.int({
    default: 10_000,
    min: 100,
    description: 'The most that a stop may take.',
  }),
  ...OTLP_ENDPOINT,
});
