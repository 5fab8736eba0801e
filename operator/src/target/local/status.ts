import { APP_LABELS, APPS, HUB_LABEL } from '@scholar/contract';
import { z } from 'zod';
import { CouldNotLook } from '../../could-not-look.ts';
import { type Ask, jsonOf } from '../../gather/http-client.ts';
import { probe } from '../../gather/probe.ts';
import { askShownTable, type ShownTable } from '../../gather/shown-table.ts';
import type { ComponentStatus } from './component.ts';
import { connectSupervisor } from './control-client.ts';
import { type DesiredState, loadDesired } from './desired.ts';
import { readText } from './json-file.ts';
import { portsFrom, type StateLayout } from './layout.ts';
import { componentName } from './process-spec.ts';
import { desiredSecret, hubDatabaseUrl } from './secrets.ts';
import { PROMETHEUS } from './supervisor.ts';

/** `status -o json` (architecture, section 7: people script against it). */
export interface LocalStatus {
  /** The state folder. */
  state: string;
  running: boolean;
  environment: string;
  /** Of A8's role: `events` is on its search path. */
  database_url: string;
  dashboard: string;
  a8: {
    url: string;
    pid: number | null;
    ready: boolean;
    key_file: string | null;
    read_key_file: string;
    restarts: number;
  };
  apps: AppStatus[];
  components: ComponentStatus[];
  /** Address of the Prometheus that `up --with-monitoring` started; null without one. */
  prometheus: string | null;
  /** As A8 believes it now; null when A8 does not tell. */
  truth_table: ShownTable | null;
}

export interface AppStatus {
  app: string;
  label: string;
  url: string;
  pid: number | null;
  state: string;
  ready: boolean;
  restarts: number;
  since: string | null;
  forwarder: ForwarderStatus;
}

export interface ForwarderStatus {
  intake: string;
  ops: string;
  pid: number | null;
  restarts: number;
  /** Events on disk that A8 has not answered for; null = the forwarder does not tell. */
  backlog: number | null;
  /** Their bytes on that disk. */
  backlog_bytes: number | null;
  oldest_s: number | null;
  /** ISO-8601; null when nothing is waited for. */
  next_attempt_at: string | null;
  /** The reason of the hold, null when there is none. */
  held: string | null;
  dead: number | null;
  last_receipt: { event_id: string; at: string; request_id: string } | null;
}

/** @throws CouldNotLook when no local system runs for this state folder. */
export async function localStatus(layout: StateLayout, ask: Ask): Promise<LocalStatus> {
  const control = await connectSupervisor(layout);
  const desired = await loadDesired(layout);
  if (desired === undefined) throw new CouldNotLook(`${layout.desired} is missing; start the system anew.`);
  const { components } = await control.state();
  const ports = portsFrom(desired.port_base);
  const hubUrl = `http://127.0.0.1:${ports.public(HUB_LABEL)}`;
  const hub = components.find(({ name }) => name === HUB_LABEL);
  const readKey = await desiredSecret(layout, 'supervisor', 'A8_READ_KEY');
  const [hubReady, apps, database, emitKey, shown] = await Promise.all([
    probe(ask, `${hubUrl}/ready`),
    appStatuses({ desired, components, ask }),
    hubDatabaseUrl(layout),
    readText(layout.secret('supervisor', 'A8_STAGING_KEY')),
    askShownTable(ask, { hubUrl, readKey }),
  ]);
  return {
    state: layout.dir,
    running: true,
    environment: desired.environment,
    database_url: database,
    dashboard: hubUrl,
    a8: {
      url: hubUrl,
      pid: hub?.pid ?? null,
      ready: hubReady.status === 200,
      key_file:
        emitKey === undefined || desired.environment === 'production'
          ? null
          : layout.secret('supervisor', 'A8_STAGING_KEY'),
      read_key_file: layout.secret('supervisor', 'A8_READ_KEY'),
      restarts: hub?.restarts ?? 0,
    },
    apps,
    components,
    prometheus: components.some(({ name }) => name === PROMETHEUS)
      ? `http://127.0.0.1:${ports.prometheus}`
      : null,
    truth_table: shown ?? null,
  };
}

interface StatusParts {
  desired: DesiredState;
  components: readonly ComponentStatus[];
  ask: Ask;
}

function appStatuses({ desired, components, ask }: StatusParts): Promise<AppStatus[]> {
  const ports = portsFrom(desired.port_base);
  const find = (name: string) => components.find((component) => component.name === name);
  return Promise.all(
    APP_LABELS.map(async (label): Promise<AppStatus> => {
      const app = find(label);
      const forwarder = find(componentName(label, 'forwarder'));
      const url = `http://127.0.0.1:${ports.public(label)}`;
      const ops = `http://127.0.0.1:${ports.forwarderOps(label)}`;
      const [ready, queue] = await Promise.all([probe(ask, `${url}/ready`), queueOf(ask, ops)]);
      return {
        app: APPS[label].number,
        label,
        url,
        pid: app?.pid ?? null,
        state: app?.state ?? 'unknown',
        ready: ready.status === 200,
        restarts: app?.restarts ?? 0,
        since: app?.since ?? null,
        forwarder: {
          intake: `http://127.0.0.1:${ports.intake(label)}`,
          ops,
          pid: forwarder?.pid ?? null,
          restarts: forwarder?.restarts ?? 0,
          ...queue,
        },
      };
    }),
  );
}

const queueSchema = z.object({
  hold: z.object({ reason: z.string() }).nullable(),
  queue: z.object({
    depth: z.number(),
    bytes: z.number(),
    oldest_age_s: z.number().nullable(),
    next_attempt_at: z.string().nullable(),
  }),
  dead: z.object({ contract: z.number(), system: z.number() }),
  last_receipt: z.object({ event_id: z.string(), at: z.string(), request_id: z.string() }).nullable(),
});

type Queue = Omit<ForwarderStatus, 'intake' | 'ops' | 'pid' | 'restarts'>;

const SILENT: Queue = {
  ...{ backlog: null, backlog_bytes: null, oldest_s: null, next_attempt_at: null },
  ...{ held: null, dead: null, last_receipt: null },
};

async function queueOf(ask: Ask, ops: string): Promise<Queue> {
  try {
    const parsed = queueSchema.safeParse(jsonOf(await ask({ url: `${ops}/status`, timeoutMs: 3_000 })));
    if (!parsed.success) return SILENT;
    const { hold, queue, dead, last_receipt } = parsed.data;
    return {
      backlog: queue.depth,
      backlog_bytes: queue.bytes,
      oldest_s: queue.oldest_age_s,
      next_attempt_at: queue.next_attempt_at,
      held: hold?.reason ?? null,
      dead: dead.contract + dead.system,
      last_receipt,
    };
  } catch {
    return SILENT;
  }
}
