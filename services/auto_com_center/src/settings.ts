import { defineSettings, setting } from '@scholar/runtime/config';
import { OTLP_ENDPOINT } from '@scholar/runtime/tracing';

/** Everything that A8 can be told. A missing secret is a finding, never a reason not to start. */
export const SETTINGS = defineSettings({
  ENVIRONMENT: setting.oneOf({
    description: 'Where this runs; production takes a simulated event only with a valid canary token.',
    values: ['staging', 'production'],
    default: 'staging',
  }),
  HOST: setting.string({ description: 'Address of the public listener.', default: '0.0.0.0' }),
  PORT: setting.int({ description: 'Port of the public listener.', default: 8080, min: 0, max: 65_535 }),
  OPS_HOST: setting.string({ description: 'Address of the ops listener.', default: '0.0.0.0' }),
  OPS_PORT: setting.int({ description: 'Port of the ops listener.', default: 9464, min: 0, max: 65_535 }),
  LOG_LEVEL: setting.oneOf({
    description: 'Least severe level that is logged.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
  }),
  SHUTDOWN_TIMEOUT_MS: setting.int({
    description: 'The most a stop may take, milliseconds.',
    default: 10_000,
    min: 100,
  }),
  DATABASE_URL: setting.url({
    description: 'PostgreSQL 15 to 18; the role owns the schema that the tables go to.',
    protocols: ['postgres:', 'postgresql:'],
    optional: true,
    tolerant: true,
  }),
  A8_KEYS_DIR: setting.string({
    description: 'Folder of the key ring: one <id>.json for each accepted key.',
    default: './a8-keys',
  }),
  A8_KEYS_INTERVAL_MS: setting.duration({
    description: 'How often the key ring is read again.',
    default: 3_000,
  }),
  KEY_REQUESTS_PER_SECOND: setting.int({
    description: 'Requests a second that one key may make of this replica; beyond them 429. 0: no limit.',
    default: 5_000,
    min: 0,
  }),
  A8_LEGACY_ALIASES: setting.oneOf({
    description: 'Whether events under legacy names are accepted (and counted) or refused.',
    values: ['accept', 'refuse'],
    default: 'accept',
  }),
  CANARY_KEY: setting.secret({ description: 'Key under which canary tokens are signed.' }),
  INGEST_CONNECTIONS: setting.int({
    description: 'Connections that write events; two alternate, more help only a remote database.',
    default: 2,
    min: 1,
    max: 16,
  }),
  QUEUE_EVENTS: setting.int({
    description: 'Events that may wait for the database; beyond them 503.',
    default: 8_192,
    min: 1,
  }),
  QUEUE_BYTES: setting.int({
    description: 'Bytes of events that may wait for the database; beyond them 503.',
    default: 64 * 1024 * 1024,
    min: 65_536,
  }),
  MAX_CONNECTIONS: setting.int({
    description: 'Connections of the public listener at once.',
    default: 20_000,
    min: 1,
  }),
  SIMULATED_RETENTION_DAYS: setting.int({
    description: 'Days after which a simulated event expires; real events never do.',
    default: 7,
    min: 1,
    max: 3_650,
  }),
  REJECTED_RETENTION_DAYS: setting.int({
    description: 'Days after which the record of a refusal expires.',
    default: 30,
    min: 1,
    max: 3_650,
  }),
  VERDICT_RETENTION_DAYS: setting.int({
    description: 'Days after which truth tables and heartbeats expire; the newest of each target stays.',
    default: 30,
    min: 2,
    max: 3_650,
  }),
  EXPIRY_INTERVAL_MS: setting.duration({
    description: 'How often A8 looks for rows that have expired.',
    default: 60_000,
  }),
  MAX_LIVE_TAILS: setting.int({ description: 'Live tails at once.', default: 64, min: 1 }),
  ...OTLP_ENDPOINT,
});
