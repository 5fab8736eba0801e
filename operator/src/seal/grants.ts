import { APP_LABELS, type AppLabel, HUB_LABEL, type KeyRole, keyDigest } from '@scholar/contract';
import type { Cell, Owner } from './cell.ts';

/**
 * One secret of the system with every place that must know it. All places are written together, because a key without
 * its entry in A8's ring, or a canary key that differs in one Secret, is a drift that nobody can see in ciphertext.
 */
export interface Grant {
  /** `LABEL.NAME`, or `NAME` for what belongs to the whole system; the name under which a value is given. */
  id: string;
  /** `random` is made here (32 bytes); `given` only its owner has. */
  source: 'random' | 'given';
  /** Entries that hold the value itself. */
  holds: Cell[];
  /** Entries that another process knows the value by. */
  derives: { cell: Cell; from: (value: string) => string }[];
  /** What would be lost if the value were replaced at once, and what to do instead: it is not rotated here. */
  lasting?: string;
  /** The system does without it. */
  optional?: true;
  /** The entry of A8's ring that the value opens, if it is a key of A8. */
  ring?: { name: string; labels: AppLabel[]; role: KeyRole };
}

/** The ring entry of the key for all seven labels, which the brief's own curl needs; never in production. */
export const STAGING_RING = 'staging-all';

/** @param withStagingKey whether one key for all labels is among them. */
export function wantedGrants(withStagingKey: boolean): Grant[] {
  const operations = operatorKey('A8_OPERATIONS_KEY', { name: 'operations', labels: [], role: 'operations' });
  // A1 records erasures at A8 with it, and knows operators by it.
  operations.holds.push({ owner: 'scholar_auth', part: 'app', key: 'A8_OPERATIONS_KEY' });
  const read = operatorKey('A8_READ_KEY', { name: 'read', labels: [], role: 'read' });
  const staging = operatorKey('A8_STAGING_KEY', {
    name: STAGING_RING,
    labels: [...APP_LABELS],
    role: 'emit',
  });
  return [
    ...APP_LABELS.flatMap(appGrants),
    databaseUrl(HUB_LABEL),
    canaryKey(),
    operations,
    read,
    ...(withStagingKey ? [staging] : []),
  ];
}

function appGrants(label: AppLabel): Grant[] {
  const own = (part: Cell['part'], key: string, source: Grant['source'] = 'random'): Grant => ({
    id: `${label}.${key}`,
    source,
    holds: [{ owner: label, part, key }],
    derives: [],
  });
  const stripe: Partial<Record<AppLabel, string[]>> = {
    scholarship_api: ['STRIPE_SECRET_KEY'],
    provider_register: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  };
  return [
    { ...own('a8', 'A8_KEY'), ring: { name: label, labels: [label], role: 'emit' } },
    own('a8', 'CONTROL_TOKEN'),
    databaseUrl(label),
    { ...own('app', 'SERVICE_SECRET'), derives: [serviceClient(label)] },
    ...(label === 'scholar_auth' ? identityGrants(own) : []),
    ...(stripe[label] ?? []).map((key) => own('stripe', key, 'given')),
  ];
}

function identityGrants(own: (part: Cell['part'], key: string, source?: Grant['source']) => Grant): Grant[] {
  return [
    {
      ...own('app', 'EMAIL_HASH_KEY'),
      lasting: 'every account would be out of reach. It stays for as long as there are users.',
    },
    {
      ...own('app', 'KEY_ENCRYPTION_KEY'),
      lasting:
        'what it has sealed would stay shut. Give new,old as its value, and later the new one alone (docs/runbooks/rotate-secrets.md).',
    },
    { ...own('app', 'SMTP_URL', 'given'), optional: true },
  ];
}

/** scholar_auth knows a service's secret by its digest (SERVICE_CLIENTS_DIR). */
function serviceClient(label: AppLabel): Grant['derives'][number] {
  return {
    cell: { owner: 'scholar_auth', part: 'clients', key: `${label}.json` },
    from: (secret) => JSON.stringify({ sha256: keyDigest(secret) }),
  };
}

function databaseUrl(owner: Owner): Grant {
  const key = 'DATABASE_URL';
  return { id: `${owner}.${key}`, source: 'given', holds: [{ owner, part: 'app', key }], derives: [] };
}

function canaryKey(): Grant {
  const key = 'CANARY_KEY';
  const apps = APP_LABELS.map((owner): Cell => ({ owner, part: 'a8', key }));
  const hub = (['app', 'operator'] as const).map((part): Cell => ({ owner: HUB_LABEL, part, key }));
  return { id: key, source: 'random', holds: [...apps, ...hub], derives: [] };
}

function operatorKey(key: string, ring: NonNullable<Grant['ring']>): Grant {
  return {
    id: key,
    source: 'random',
    holds: [{ owner: HUB_LABEL, part: 'operator', key }],
    derives: [],
    ring,
  };
}
