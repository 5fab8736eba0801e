import { APP_LABELS, type AppLabel, type TruthTable } from '@scholar/contract';
import type { ConservationView } from '../../audit/conservation-view.ts';
import type { ServedLabel } from '../../audit/remedy.ts';
import { appOf, healthySnapshot } from '../../audit/testing/healthy-snapshot.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import type { Question, Reply } from '../../gather/http-client.ts';
import { type LedgerEntry, NO_REPAIRS } from '../../remedy/budget.ts';
import type { Target } from '../../target/target.ts';
import { HUB_KEY, type MemoryHub, memoryHub } from './memory-hub.ts';

/** A system in memory with seven apps, of which a forwarder can stand still until it is repaired. */
export interface OneSystem {
  open: () => Promise<Target>;
  clock: { now: () => number; monotonic: () => number; sleep: (ms: number) => Promise<void> };
  pass: (ms: number) => void;
  stop: (label: AppLabel) => void;
  /** Somebody deletes these rows of this app; a repair that sends them again brings them back. */
  deleteRows: (label: AppLabel, eventIds: readonly string[]) => void;
  /** What a repair of this app does: nothing helps. */
  breakForGood: (label: AppLabel) => void;
  hide: (isHidden: boolean) => void;
  /** Somebody claims this app right before a repair of it begins. */
  overtake: (label: ServedLabel) => void;
  /** A8's door, as the guards find it. */
  hub: MemoryHub;
  /** Rows are there or not when they are asked for. */
  loseRows: (areLost: boolean) => void;
  /** What happens right after a repair was applied, before its proof. */
  afterApply: (what: () => void) => void;
  /** A repair of this app was begun, and whoever began it is no more. */
  interrupt: (label: ServedLabel, findings: readonly string[]) => void;
  /** What A8 was told, in order. */
  told: string[];
  tables: TruthTable[];
  repaired: ServedLabel[];
  undone: ServedLabel[];
  /** Targets that are open now. */
  opened: () => number;
}

export function oneSystem(startMs: number): OneSystem {
  let nowMs = startMs;
  let isHidden = false;
  let areLost = false;
  let afterApply = (): void => undefined;
  let opened = 0;
  const stopped = new Set<AppLabel>();
  const deleted = new Map<AppLabel, readonly string[]>();
  const broken = new Set<AppLabel>();
  const overtaken = new Set<ServedLabel>();
  const labels = new Map<string, AppLabel>();
  const ledger = new Map<ServedLabel, LedgerEntry>();
  const told: string[] = [];
  const tables: TruthTable[] = [];
  const repaired: ServedLabel[] = [];
  const undone: ServedLabel[] = [];
  const clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  const canaryKey = 'c'.repeat(43);
  const hub = memoryHub({ canaryKey, now: clock.now });
  const target: Target = {
    kind: 'cluster',
    environment: 'staging',
    hubUrl: 'http://hub',
    ask: async (question) =>
      question.url.startsWith('http://hub/') ? hub.answer(question) : answer(question, { stopped, labels }),
    apps: APP_LABELS.map((label) => ({
      ...{ label, url: `http://${label}`, intake: `http://${label}:4200`, ops: `http://${label}:9464` },
    })),
    secrets: {
      ...{ readKey: 'r', canaryKey, stripeWebhookSecret: 'whsec_1' },
      emitKeys: Object.fromEntries(APP_LABELS.map((label) => [label, HUB_KEY])),
    },
    gather: async () => {
      const snapshot = healthySnapshot();
      for (const app of snapshot.apps) app.conservation = [comparedRows(deleted.get(app.label) ?? [])];
      for (const label of stopped) {
        const { forwarder } = appOf(snapshot, label);
        Object.assign(forwarder, { running: undefined, status: undefined });
        forwarder.process = { state: 'stopped', restarts: 0, lastExit: null, lastLines: [] };
      }
      return snapshot;
    },
    place: async (judged) => [...judged],
    ledger: {
      read: async (label) => ({ entry: ledger.get(label) ?? NO_REPAIRS, version: undefined }),
      write: async (label, entry) => ledger.set(label, entry).has(label),
    },
    beginRepair: async (label) => {
      if (overtaken.has(label))
        ledger.set(label, { ...NO_REPAIRS, holder: 'a person', until: nowMs + 600_000 });
      const started = new Set<AppLabel>();
      return {
        apply: async (remedies) => {
          repaired.push(label);
          for (const remedy of remedies) {
            if (remedy.kind === 'replay' && !broken.has(remedy.label)) deleted.delete(remedy.label);
            const app = APP_LABELS.find((each) => each === remedy.label);
            if (app !== undefined && !broken.has(app) && stopped.delete(app)) started.add(app);
          }
          afterApply();
          return ['done'];
        },
        undo: async () => {
          undone.push(label);
          for (const app of started) stopped.add(app);
          return ['as before'];
        },
      };
    },
    emission: async () => ({ hubUrl: 'http://hub', key: 'k' }),
    readRows: async (ids) =>
      (areLost ? [] : ids).flatMap((id) => {
        const label = labels.get(id);
        return label === undefined ? [] : [rowOf(id, label, nowMs)];
      }),
    readTraces: async () => structuredClone(hub.traces),
    recordVerdicts: async (table) => {
      told.push('verdicts');
      tables.push(table);
    },
    recordRepair: async () => void told.push('repair'),
    recordHeartbeat: async ({ period_s, target: kind }) => void told.push(`heartbeat ${kind} ${period_s}`),
    close: async () => {
      opened -= 1;
    },
  };
  return {
    open: async () => {
      if (isHidden) throw new CouldNotLook('the cluster does not answer');
      opened += 1;
      return target;
    },
    clock,
    pass: (ms) => {
      nowMs += ms;
    },
    stop: (label) => void stopped.add(label),
    deleteRows: (label, eventIds) => void deleted.set(label, eventIds),
    breakForGood: (label) => void broken.add(label),
    hide: (hidden) => {
      isHidden = hidden;
    },
    overtake: (label) => void overtaken.add(label),
    loseRows: (lost) => {
      areLost = lost;
    },
    afterApply: (what) => {
      afterApply = what;
    },
    interrupt: (label, findings) =>
      void ledger.set(label, { ...NO_REPAIRS, attempts: [{ at: nowMs, ok: null, findings }] }),
    hub,
    told,
    tables,
    repaired,
    undone,
    opened: () => opened,
  };
}

function answer(
  { url, method = 'GET' }: Question,
  { stopped, labels }: { stopped: ReadonlySet<AppLabel>; labels: Map<string, AppLabel> },
): Reply {
  const { hostname, port, pathname } = new URL(url);
  const label = APP_LABELS.find((each) => each === hostname);
  const reply = (status: number, body: unknown = {}): Reply => ({
    status,
    body: JSON.stringify(body),
    headers: {},
    tookMs: 1,
  });
  if (port !== '4200' || label === undefined) return reply(200);
  if (stopped.has(label)) throw new Error('connect ECONNREFUSED');
  if (method === 'POST') return reply(201);
  const id = pathname.split('/').at(-1) ?? '';
  labels.set(id, label);
  const receipt = { request_id: `r-${id.slice(0, 8)}`, received_at: '2026-01-01T00:00:00Z', persisted: true };
  return reply(200, { state: 'delivered', retries: 0, write_ms: 4, receipt });
}

function comparedRows(missing: readonly string[]): ConservationView {
  const minute = { minute: '2026-01-01T00:00:00.000Z', acknowledged: 9, beyond: 0, unnamed: 0 };
  const lacking = missing.length === 0 ? [] : [{ ...minute, missing: [...missing] }];
  const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-01-01T01:00:00.000Z'] as const;
  return { forwarderId: 'f', from, to, acknowledged: 9, lacking };
}

function rowOf(id: string, label: AppLabel, nowMs: number) {
  return {
    event_id: id,
    app_label: label,
    event_type: 'NewLead',
    received_at: new Date(nowMs).toISOString(),
    request_id: 'r',
    deliveries: 1,
    simulated: true,
  };
}
