import { APP_LABELS, APPS, type AppLabel, type Environment, HUB_LABEL } from '@scholar/contract';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.ts';
import { portsFrom, SANDBOX_LABEL, type ServiceLabel, type StateLayout } from './layout.ts';

/** How one process is meant to run: plain settings by name, and the names of the secrets that it reads from files. */
const processSchema = z.strictObject({
  settings: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
});

const appSchema = z.strictObject({
  app: processSchema,
  forwarder: processSchema.optional(),
  /**
   * Fewer real events than this in an hour is a finding; 0 = may be silent. The owner declares it by editing the file:
   * it counts from the next audit on and is kept by later starts.
   */
  minimum_events_per_hour: z.number().int().min(0),
});

const desiredSchema = z.strictObject({
  version: z.literal(1),
  environment: z.enum(['staging', 'production']),
  port_base: z.number().int().min(1024).max(65_000),
  /** `none`: production without a key of the real Stripe; the audit says so. */
  stripe: z.enum(['sandbox', 'real', 'none']),
  services: z.record(z.string(), appSchema),
});

export type DesiredProcess = z.infer<typeof processSchema>;
export type DesiredState = z.infer<typeof desiredSchema>;

export interface DesiredInput {
  environment: Environment;
  portBase: number;
  /** True where the owner gave a key of the real Stripe. */
  realStripe: boolean;
  /** Where Stripe reaches A6 from outside; unset = this machine only. */
  a6PublicUrl?: string | undefined;
  /** Where spans go, OTLP over HTTP; unset = nowhere. */
  otlpEndpoint?: string | undefined;
  /** The desired state of the last start: what its owner declared there is kept. */
  before?: DesiredState | undefined;
}

/** Pure: the whole desired state of a local system, from four facts. Secrets are named here, their values lie in files. */
export function desiredState(input: DesiredInput, layout: StateLayout): DesiredState {
  const services: DesiredState['services'] = {
    [HUB_LABEL]: { app: hub(input, layout), minimum_events_per_hour: 0 },
  };
  for (const label of APP_LABELS) {
    services[label] = {
      app: app(label, input, layout),
      forwarder: forwarder(label, input, layout),
      minimum_events_per_hour: input.before?.services[label]?.minimum_events_per_hour ?? 0,
    };
  }
  if (stripeOf(input) === 'sandbox')
    services[SANDBOX_LABEL] = { app: sandbox(input, layout), minimum_events_per_hour: 0 };
  return {
    version: 1,
    environment: input.environment,
    port_base: input.portBase,
    stripe: stripeOf(input),
    services,
  };
}

export async function saveDesired(layout: StateLayout, state: DesiredState): Promise<void> {
  await writeJson(layout.desired, state);
}

/** @throws Error naming desired.json when it is not ours. */
export async function loadDesired(layout: StateLayout): Promise<DesiredState | undefined> {
  return readJson(layout.desired, desiredSchema);
}

/** The sandbox refuses production, where simulated money has no place. */
function stripeOf({ realStripe, environment }: DesiredInput): DesiredState['stripe'] {
  if (realStripe) return 'real';
  return environment === 'production' ? 'none' : 'sandbox';
}

function common(label: ServiceLabel, input: DesiredInput): Record<string, string> {
  const ports = portsFrom(input.portBase);
  return {
    ENVIRONMENT: input.environment,
    HOST: '127.0.0.1',
    PORT: String(ports.public(label)),
    OPS_HOST: '127.0.0.1',
    OPS_PORT: String(ports.ops(label)),
    LOG_LEVEL: 'info',
    ...tracing(input),
  };
}

function tracing({ otlpEndpoint: url }: DesiredInput): Record<string, string> {
  return url === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: url };
}

function urlOf(label: ServiceLabel, input: DesiredInput): string {
  return `http://127.0.0.1:${portsFrom(input.portBase).public(label)}`;
}

function hub(input: DesiredInput, layout: StateLayout): DesiredProcess {
  return {
    settings: { ...common(HUB_LABEL, input), A8_KEYS_DIR: layout.keyRing, A8_LEGACY_ALIASES: 'accept' },
    secrets: ['DATABASE_URL', 'CANARY_KEY'],
  };
}

function sandbox(input: DesiredInput, layout: StateLayout): DesiredProcess {
  return {
    settings: {
      ...common(SANDBOX_LABEL, input),
      SANDBOX_DIR: layout.sandbox,
      SANDBOX_WEBHOOK_URL: `${urlOf('provider_register', input)}/webhooks/stripe`,
    },
    secrets: ['SANDBOX_WEBHOOK_SECRET'],
  };
}

const CALLS: Record<AppLabel, readonly AppLabel[]> = {
  // Whom it asks when a person wants their data, or to be erased.
  scholar_auth: APP_LABELS.filter((label) => label !== 'scholar_auth'),
  scholarship_api: [],
  scholarship_agent: ['scholarship_api'],
  scholarship_sage: ['scholarship_api'],
  student_pilot: ['scholarship_agent', 'scholarship_sage', 'scholarship_api'],
  provider_register: ['scholarship_api'],
  auto_page_maker: ['scholarship_api'],
};

function app(label: AppLabel, input: DesiredInput, layout: StateLayout): DesiredProcess {
  const ports = portsFrom(input.portBase);
  const settings: Record<string, string> = {
    ...common(label, input),
    FORWARDER_URL: `http://127.0.0.1:${ports.intake(label)}`,
    // The name of a machine may change; its forwarder stays.
    REPLICA: 'local',
    A8_URL: urlOf(HUB_LABEL, input),
    A1_URL: urlOf('scholar_auth', input),
    EMIT_MODE: 'forwarder',
    EVENT_NAMES: 'v3.5.1',
  };
  for (const called of CALLS[label]) settings[`${APPS[called].number}_URL`] = urlOf(called, input);
  const secrets = ['DATABASE_URL', 'A8_KEY', 'CANARY_KEY', 'SERVICE_SECRET'];
  if (label === 'scholar_auth') {
    settings['SERVICE_CLIENTS_DIR'] = layout.serviceClients;
    settings['MAILBOX'] = 'true';
    settings['PUBLIC_URL'] = urlOf('scholar_auth', input);
    secrets.push('EMAIL_HASH_KEY', 'KEY_ENCRYPTION_KEY', 'A8_OPERATIONS_KEY');
  }
  if (label === 'scholarship_api' || label === 'provider_register') {
    if (stripeOf(input) === 'sandbox') settings['STRIPE_API_URL'] = urlOf(SANDBOX_LABEL, input);
    secrets.push('STRIPE_SECRET_KEY');
  }
  if (label === 'provider_register') {
    settings['A6_PUBLIC_URL'] = input.a6PublicUrl ?? urlOf('provider_register', input);
    secrets.push('STRIPE_WEBHOOK_SECRET');
  }
  return { settings, secrets };
}

function forwarder(label: AppLabel, input: DesiredInput, layout: StateLayout): DesiredProcess {
  const ports = portsFrom(input.portBase);
  return {
    settings: {
      ENVIRONMENT: input.environment,
      APP_LABEL: label,
      INTAKE_HOST: '127.0.0.1',
      INTAKE_PORT: String(ports.intake(label)),
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(ports.forwarderOps(label)),
      LOG_LEVEL: 'info',
      OUTBOX_DIR: layout.outbox(label),
      FORWARDER_ID: `${label}@local`,
      A8_URL: urlOf(HUB_LABEL, input),
      ...tracing(input),
    },
    secrets: ['A8_KEY', 'CANARY_KEY', 'CONTROL_TOKEN'],
  };
}
