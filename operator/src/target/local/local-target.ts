import { join } from 'node:path';
import { APP_LABELS, type AppLabel, HUB_LABEL } from '@scholar/contract';
import { readBuildStamp } from '@scholar/runtime/build';
import { systemClock } from '@scholar/runtime/clock';
import { type ConservationMemory, createConservation } from '../../conservation/conservation.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { ask } from '../../gather/http-client.ts';
import { HubDatabase } from '../../gather/hub-database.ts';
import { postOperation } from '../post-operation.ts';
import type { AppAddress, Target } from '../target.ts';
import { type ControlClient, connectSupervisor } from './control-client.ts';
import { type DesiredState, loadDesired } from './desired.ts';
import { gatherLocal } from './gather-local.ts';
import { readText } from './json-file.ts';
import { readLastDrill } from './last-drill.ts';
import { portsFrom, type StateLayout } from './layout.ts';
import { ledgerFiles } from './ledger-files.ts';
import { beginLocalRepair, controlOf } from './local-repair.ts';
import { desiredSecret, hubDatabaseUrl } from './secrets.ts';

/**
 * This machine as a target.
 * @throws CouldNotLook when no local system runs for the state folder.
 */
export async function openLocalTarget(
  layout: StateLayout,
  options: Pick<LocalTargetParts, 'settledMs' | 'memory'> = {},
): Promise<Target> {
  const control = await connectSupervisor(layout);
  const desired = await loadDesired(layout);
  if (desired === undefined) throw new CouldNotLook(`${layout.desired} is missing; start the system anew.`);
  const database = new HubDatabase(await hubDatabaseUrl(layout));
  return localTarget({ layout, desired, control, database, ...options });
}

export interface LocalTargetParts {
  layout: StateLayout;
  desired: DesiredState;
  control: Pick<ControlClient, 'state' | 'command'>;
  database: HubDatabase;
  /** How long after its end a minute is compared with A8, ms; two minutes unless told. */
  settledMs?: number;
  /** Of what was compared before; whoever looks again and again keeps it, and then a look compares little. */
  memory?: ConservationMemory;
}

export async function localTarget(parts: LocalTargetParts): Promise<Target> {
  const { layout, desired, control, database, settledMs, memory = new Map() } = parts;
  const ports = portsFrom(desired.port_base);
  const hubUrl = `http://127.0.0.1:${ports.public(HUB_LABEL)}`;
  const operationsKey = await desiredSecret(layout, 'supervisor', 'A8_OPERATIONS_KEY');
  const readRows: Target['readRows'] = (ids) => database.rows(ids);
  const conserve = createConservation({
    ...{ ask, hubUrl, key: operationsKey, readRows, now: systemClock.now, memory },
    ...(settledMs === undefined ? {} : { settledMs }),
  });
  return {
    kind: 'local',
    environment: desired.environment,
    hubUrl,
    ask,
    apps: APP_LABELS.map(
      (label): AppAddress => ({
        label,
        url: `http://127.0.0.1:${ports.public(label)}`,
        intake: `http://127.0.0.1:${ports.intake(label)}`,
        ops: `http://127.0.0.1:${ports.ops(label)}`,
      }),
    ),
    secrets: {
      readKey: await desiredSecret(layout, 'supervisor', 'A8_READ_KEY'),
      canaryKey: await desiredSecret(layout, 'supervisor', 'CANARY_KEY'),
      stripeWebhookSecret: await readText(layout.secret('provider_register', 'STRIPE_WEBHOOK_SECRET')),
      emitKeys: await emitKeys(layout),
    },
    gather: async () => {
      const { components, overrides } = await control.state();
      return gatherLocal({
        desired,
        layout,
        components,
        overrides,
        ask,
        now: systemClock.now,
        build: readBuildStamp(),
        database,
        conserve,
      });
    },
    place: async (judged) => [...judged],
    ledger: ledgerFiles(join(layout.dir, 'repairs')),
    beginRepair: (label) =>
      beginLocalRepair(label, { control, layout, desired, proof: { readRows, clock: systemClock } }),
    emission: async (label) => ({ hubUrl, key: await wantedEmitKey(layout, label) }),
    orders: {
      operationsKey,
      forwardersOf: async (label) => ({
        forwarders: [controlOf(label, { layout, desired })],
        close: async () => undefined,
      }),
    },
    lastDrill: () => readLastDrill(layout),
    readRows,
    readTraces: (of) => database.traces(of),
    recordVerdicts: (table) =>
      postOperation({ ask, hubUrl, key: operationsKey, kind: 'verdicts', document: table }),
    recordRepair: (record) =>
      postOperation({ ask, hubUrl, key: operationsKey, kind: 'repairs', document: record }),
    recordHeartbeat: (heartbeat) =>
      postOperation({ ask, hubUrl, key: operationsKey, kind: 'heartbeats', document: heartbeat }),
    close: () => database.close(),
  };
}

async function emitKeys(layout: StateLayout): Promise<Target['secrets']['emitKeys']> {
  const keys = APP_LABELS.map(async (label) => [label, await emitKey(layout, label)] as const);
  return Object.fromEntries((await Promise.all(keys)).filter(([, key]) => key !== undefined));
}

/** The desired key, as a repair would put it back. */
async function emitKey(layout: StateLayout, label: AppLabel): Promise<string | undefined> {
  const key = await readText(layout.secret(label, 'A8_KEY'));
  return key === '' ? undefined : key;
}

/** @throws CouldNotLook when the app has no key. */
async function wantedEmitKey(layout: StateLayout, label: AppLabel): Promise<string> {
  const key = await emitKey(layout, label);
  if (key !== undefined) return key;
  throw new CouldNotLook(`There is no A8_KEY of ${label}: ${layout.secret(label, 'A8_KEY')} is missing.`);
}
