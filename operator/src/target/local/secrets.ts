import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  APP_LABELS,
  type AppLabel,
  HUB_LABEL,
  keyDigest,
  keyFingerprint,
  type RingEntry,
} from '@scholar/contract';
import type { DesiredState } from './desired.ts';
import { readText, writeJson, writePrivateFile } from './json-file.ts';
import { portsFrom, SANDBOX_LABEL, type ServiceLabel, type StateLayout } from './layout.ts';

/** Keys that the owner brings; everything else is made here on the first start and kept. */
export interface GivenSecrets {
  stripeSecretKey?: string | undefined;
  stripeWebhookSecret?: string | undefined;
}

/** The ring's entry of the key for all seven labels. */
const STAGING_ENTRY = 'staging-all';

/** 256 random bits, as the contract's section on keys asks for. */
function newKey(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** Makes every secret of the desired state that is still missing, and A8's ring and A1's client list from them. */
export async function ensureSecrets(
  layout: StateLayout,
  desired: DesiredState,
  given: GivenSecrets,
): Promise<void> {
  const sources = await secretSources(layout, desired, given);
  for (const [name, service] of Object.entries(desired.services)) {
    const label = name as ServiceLabel;
    for (const key of new Set([...service.app.secrets, ...(service.forwarder?.secrets ?? [])])) {
      const source = sources[key] ?? (() => ensure(layout, label, key, newKey));
      await put(layout, label, key, await source(label));
    }
  }
  await writeServiceClients(layout);
  await writeKeyRing(layout, desired);
}

/** Where a secret comes from that is not simply made for one service; undefined = nobody has it. */
type Source = (label: ServiceLabel) => Promise<string | undefined>;

async function secretSources(
  layout: StateLayout,
  desired: DesiredState,
  given: GivenSecrets,
): Promise<Record<string, Source>> {
  const canaryKey = await ensure(layout, 'supervisor', 'CANARY_KEY', newKey);
  const stripe = desired.stripe === 'sandbox' ? await sandboxSecrets(layout, given) : given;
  const webhookSecret: Source = async () => stripe.stripeWebhookSecret;
  return {
    CANARY_KEY: async () => canaryKey,
    // A1 records erasures at A8 with the operator's key, and knows operators by it.
    A8_OPERATIONS_KEY: () => ensure(layout, 'supervisor', 'A8_OPERATIONS_KEY', newKey),
    STRIPE_SECRET_KEY: async () => stripe.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    SANDBOX_WEBHOOK_SECRET: webhookSecret,
    DATABASE_URL: (label) => databaseUrl(layout, label, desired.port_base),
  };
}

/** @returns the desired value of a secret. @throws Error when it was never made. */
export async function desiredSecret(
  layout: StateLayout,
  label: ServiceLabel | 'supervisor',
  key: string,
): Promise<string> {
  const value = await readText(layout.secret(label, key));
  if (value === undefined)
    throw new Error(`${layout.secret(label, key)} is missing; run \`scholar up\` once to make it.`);
  return value;
}

export async function superuserPassword(layout: StateLayout): Promise<string> {
  return ensure(layout, 'supervisor', 'POSTGRES_PASSWORD', newKey);
}

async function ensure(
  layout: StateLayout,
  label: ServiceLabel | 'supervisor',
  key: string,
  make: () => string,
): Promise<string> {
  const path = layout.secret(label, key);
  const present = await readText(path);
  if (present !== undefined) return present;
  const value = make();
  await writePrivateFile(path, value);
  return value;
}

async function put(
  layout: StateLayout,
  label: ServiceLabel,
  key: string,
  value: string | undefined,
): Promise<void> {
  const path = layout.secret(label, key);
  if (value === undefined) await rm(path, { force: true });
  else if ((await readText(path)) !== value) await writePrivateFile(path, value);
}

async function databaseUrl(layout: StateLayout, label: ServiceLabel, portBase: number): Promise<string> {
  const password = await ensure(layout, label, 'DATABASE_PASSWORD', newKey);
  return `postgresql://${label}:${password}@127.0.0.1:${portsFrom(portBase).postgres}/scholar`;
}

async function sandboxSecrets(layout: StateLayout, given: GivenSecrets): Promise<GivenSecrets> {
  const apiKey = () => `sk_test_${randomBytes(24).toString('hex')}`;
  return {
    stripeSecretKey: await ensure(layout, SANDBOX_LABEL, 'SANDBOX_API_KEY', apiKey),
    stripeWebhookSecret:
      given.stripeWebhookSecret ??
      (await ensure(layout, SANDBOX_LABEL, 'SANDBOX_WEBHOOK_SECRET', () => newKey('whsec_'))),
  };
}

async function writeServiceClients(layout: StateLayout): Promise<void> {
  await mkdir(layout.serviceClients, { recursive: true, mode: 0o700 });
  for (const label of APP_LABELS) {
    const secret = await desiredSecret(layout, label, 'SERVICE_SECRET');
    await writeJson(join(layout.serviceClients, `${label}.json`), { sha256: keyDigest(secret) });
  }
}

/** Writes every entry of A8's ring from the desired keys, and takes the hand key of staging out of a production ring. */
export async function writeKeyRing(layout: StateLayout, desired: DesiredState): Promise<void> {
  await mkdir(layout.keyRing, { recursive: true, mode: 0o700 });
  for (const label of APP_LABELS) {
    await writeRingEntry(layout, label, await desiredSecret(layout, label, 'A8_KEY'), [label], 'emit');
  }
  const read = await ensure(layout, 'supervisor', 'A8_READ_KEY', newKey);
  await writeRingEntry(layout, 'read', read, [], 'read');
  const operations = await ensure(layout, 'supervisor', 'A8_OPERATIONS_KEY', newKey);
  await writeRingEntry(layout, 'operations', operations, [], 'operations');
  if (desired.environment === 'production') {
    await rm(join(layout.keyRing, `${STAGING_ENTRY}.json`), { force: true });
    return;
  }
  const all = await ensure(layout, 'supervisor', 'A8_STAGING_KEY', newKey);
  await writeRingEntry(layout, STAGING_ENTRY, all, [...APP_LABELS], 'emit');
}

async function writeRingEntry(
  layout: StateLayout,
  id: string,
  key: string,
  labels: AppLabel[],
  role: RingEntry['role'],
): Promise<void> {
  const entry: RingEntry = {
    sha256: keyDigest(key),
    fingerprint: keyFingerprint(key),
    labels,
    not_after: null,
    role,
  };
  await writeJson(join(layout.keyRing, `${id}.json`), entry);
}

/** The database role of A8, whose search path holds `events`. */
export async function hubDatabaseUrl(layout: StateLayout): Promise<string> {
  return desiredSecret(layout, HUB_LABEL, 'DATABASE_URL');
}
