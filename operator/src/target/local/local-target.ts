import { APP_LABELS, type AppLabel, HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { z } from 'zod';
import type { Remedy } from '../../audit/remedy.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { ask, jsonOf, type Reply } from '../../gather/http-client.ts';
import { HubDatabase } from '../../gather/hub-database.ts';
import { postOperation } from '../post-operation.ts';
import type { AppAddress, Target } from '../target.ts';
import { type ControlClient, connectSupervisor } from './control-client.ts';
import { type DesiredState, loadDesired } from './desired.ts';
import { gatherLocal } from './gather-local.ts';
import { readText } from './json-file.ts';
import { portsFrom, type StateLayout } from './layout.ts';
import { desiredSecret, hubDatabaseUrl, writeKeyRing } from './secrets.ts';

/**
 * This machine as a target.
 * @throws CouldNotLook when no local system runs for the state folder.
 */
export async function openLocalTarget(layout: StateLayout): Promise<Target> {
  const control = await connectSupervisor(layout);
  const desired = await loadDesired(layout);
  if (desired === undefined) throw new CouldNotLook(`${layout.desired} is missing; start the system anew.`);
  return localTarget({ layout, desired, control, database: new HubDatabase(await hubDatabaseUrl(layout)) });
}

export interface LocalTargetParts {
  layout: StateLayout;
  desired: DesiredState;
  control: Pick<ControlClient, 'state' | 'command'>;
  database: HubDatabase;
}

export async function localTarget({ layout, desired, control, database }: LocalTargetParts): Promise<Target> {
  const ports = portsFrom(desired.port_base);
  const hubUrl = `http://127.0.0.1:${ports.public(HUB_LABEL)}`;
  const operationsKey = await desiredSecret(layout, 'supervisor', 'A8_OPERATIONS_KEY');
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
      }),
    ),
    secrets: {
      readKey: await desiredSecret(layout, 'supervisor', 'A8_READ_KEY'),
      canaryKey: await desiredSecret(layout, 'supervisor', 'CANARY_KEY'),
      stripeWebhookSecret: await readText(layout.secret('provider_register', 'STRIPE_WEBHOOK_SECRET')),
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
        database,
      });
    },
    apply: (remedy) => applyLocally(remedy, { control, layout, desired }),
    readRows: (ids) => database.rows(ids),
    recordVerdicts: (table) =>
      postOperation({ ask, hubUrl, key: operationsKey, kind: 'verdicts', document: table }),
    recordRepair: (record) =>
      postOperation({ ask, hubUrl, key: operationsKey, kind: 'repairs', document: record }),
    close: () => database.close(),
  };
}

type ApplyParts = Pick<LocalTargetParts, 'control' | 'layout' | 'desired'>;

async function applyLocally(remedy: Remedy, parts: ApplyParts): Promise<string> {
  const { control } = parts;
  switch (remedy.kind) {
    case 'reset_setting':
      await control.command({ do: 'reset', label: remedy.label, key: remedy.key });
      return `${remedy.key} has its desired value`;
    case 'restart':
    case 'start':
      await mustRestart(control, remedy.label, remedy.role);
      return 'process started with the desired settings';
    case 'replay':
      return `the forwarder sends ${await replay(remedy.label, remedy.eventIds, parts)} events again`;
    case 'replay_dead':
      return `the forwarder sends ${await replayDead(remedy.label, parts)} dead letters again`;
    case 'restore_key_ring':
      await writeKeyRing(parts.layout, parts.desired);
      return 'the ring holds the desired keys';
  }
}

/** @returns how many were put back into the queue. @throws Error after the last one when the forwarder keeps some no more. */
async function replay(label: AppLabel, eventIds: readonly string[], parts: ApplyParts): Promise<number> {
  const refused: string[] = [];
  for (const eventId of eventIds) {
    const reply = await askControl(label, parts, { method: 'POST', path: `/events/${eventId}/replay` });
    if (reply.status >= 300) refused.push(`${eventId} (status ${reply.status})`);
  }
  const [first] = refused;
  if (first === undefined) return eventIds.length;
  throw new Error(
    `The forwarder of ${label} cannot replay ${refused.length} of ${eventIds.length} events, ${first} among them.`,
  );
}

const listedSchema = z.object({ events: z.array(z.object({ event_id: z.string() })) });

/** Oldest first, at most a thousand: a person looks at more than that. @returns how many were put back into the queue. */
async function replayDead(label: AppLabel, parts: ApplyParts): Promise<number> {
  const reply = await askControl(label, parts, { method: 'GET', path: '/outbox?state=dead&limit=1000' });
  if (reply.status !== 200)
    throw new Error(`The forwarder of ${label} does not list its dead letters: status ${reply.status}.`);
  const { events } = listedSchema.parse(jsonOf(reply));
  const ids = events.map(({ event_id }) => event_id);
  return replay(label, ids, parts);
}

async function askControl(
  label: AppLabel,
  { layout, desired }: ApplyParts,
  { method, path }: { method: 'GET' | 'POST'; path: string },
): Promise<Reply> {
  const token = await desiredSecret(layout, label, 'CONTROL_TOKEN');
  const url = `http://127.0.0.1:${portsFrom(desired.port_base).intake(label)}${path}`;
  return ask({ url, method, headers: { authorization: `Bearer ${token}` } });
}

async function mustRestart(
  control: Pick<ControlClient, 'command'>,
  label: string,
  role: 'app' | 'forwarder',
): Promise<void> {
  if (await control.command({ do: 'restart', label, role })) return;
  throw new Error(
    `The ${role} of ${label} was started and does not answer /health; its log in the state folder says why.`,
  );
}
