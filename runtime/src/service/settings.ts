import { type AppLabel, ENVIRONMENTS } from '@scholar/contract';
import { defineSettings, setting } from '../config/index.ts';
import { LOG_LEVELS } from '../log/index.ts';
import { OTLP_ENDPOINT } from '../tracing/index.ts';

const port = (description: string, fallback: number) =>
  setting.int({ description, default: fallback, min: 0, max: 65_535 });

/** What every one of A1–A7 reads. A service adds its own keys, or says more about one of these, in its spec. */
export function commonSettings(label: AppLabel) {
  return defineSettings({
    ENVIRONMENT: setting.oneOf({
      description: 'Where this runs; simulations run in staging only.',
      values: ENVIRONMENTS,
      default: 'staging',
    }),
    HOST: setting.string({ description: 'Address of the public listener.', default: '0.0.0.0' }),
    PORT: port('Port of the public listener.', 8080),
    OPS_HOST: setting.string({ description: 'Address of the ops listener.', default: '0.0.0.0' }),
    OPS_PORT: port('Port of the ops listener.', 9464),
    LOG_LEVEL: setting.oneOf({ description: 'What is logged.', values: LOG_LEVELS, default: 'info' }),
    SHUTDOWN_TIMEOUT_MS: setting.duration({ description: 'The most a stop may take.', default: 10_000 }),
    DATABASE_URL: setting.url({
      description: 'PostgreSQL of this service: a role that owns the schema of its own name.',
      protocols: ['postgres:', 'postgresql:'],
      optional: true,
      tolerant: true,
    }),
    DATABASE_POOL: setting.int({
      description: 'Most connections to PostgreSQL.',
      default: 10,
      min: 2,
      max: 200,
    }),
    EMIT_MODE: setting.oneOf({
      description:
        'Where events go. Only forwarder is right; the others are the broken production of the drill.',
      values: ['forwarder', 'direct', 'console'],
      default: 'forwarder',
    }),
    EVENT_NAMES: setting.oneOf({
      description: 'How events are named. Only v3.5.1 is right.',
      values: ['v3.5.1', 'legacy'],
      default: 'v3.5.1',
    }),
    FORWARDER_URL: setting.url({
      description: "Intake of this service's forwarder.",
      default: 'http://127.0.0.1:4200',
    }),
    FORWARDER_KEEPS: setting.boolean({
      description:
        'false where the disk of the forwarder goes with its pod; an erasure then waits for no pod that is gone.',
      default: true,
    }),
    REPLICA: setting.string({
      description: 'Name of this replica, the same after a restart; of a pod its own.',
      optional: true,
    }),
    A8_URL: setting.url({
      description: 'Base address of A8, for EMIT_MODE=direct; the forwarder has its own.',
      optional: true,
      // Nothing depends on it in the mode that is right, so a malformed one must not take the service down.
      tolerant: true,
      needed: false,
    }),
    A8_KEY: setting.secret({
      description: 'Key for A8, for EMIT_MODE=direct; the forwarder has its own.',
      optional: true,
    }),
    A1_URL: setting.url({
      description: 'Base address of scholar_auth, which signs tokens.',
      default: 'http://127.0.0.1:4101',
    }),
    SERVICE_SECRET: setting.secret({
      description: 'What this service shows scholar_auth to get its service token.',
      // scholar_auth asks nobody for a token.
      optional: label === 'scholar_auth',
    }),
    CANARY_KEY: setting.secret({
      description: 'Key that proves canary tokens, the same in the whole system.',
    }),
    ...OTLP_ENDPOINT,
  });
}

export type CommonSettings = ReturnType<typeof commonSettings>;
