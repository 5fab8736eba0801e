import { APP_LABELS } from '@scholar/contract';
import { createLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { CONTROLLER_METRICS } from '../../controller/metrics.ts';
import type { KnownTable } from '../../controller/truth-tables.ts';
import type { TruthTableSpec } from '../../crd/spec.ts';
import type { TruthTableStatus } from '../../crd/status.ts';
import type { KubeApi } from '../../kube/api-call.ts';
import { createApplier } from '../../kube/server-side-apply.ts';
import { reconcileTables } from '../reconcile-tables.ts';
import { drillResult } from './drill-result.ts';
import { NOW, specOf } from './facts.ts';
import { oneSystem } from './one-system.ts';

const KEY = 'scholar/table';
const log = createLogger({ label: 'test', role: 'operator', destination: { write: () => undefined } });

/** A TruthTable of which the API server holds what was applied, and passes over it. */
export function tableRig(more: Partial<TruthTableSpec> = {}) {
  const system = oneSystem(NOW);
  let table: KnownTable | undefined = {
    metadata: { name: 'table', namespace: 'scholar', uid: 'u', generation: 1 },
    spec: specOf(APP_LABELS, more),
    status: undefined,
  };
  const written: TruthTableStatus[] = [];
  const said: string[] = [];
  const drilled: string[] = [];
  const api: KubeApi = {
    request: async <T>(call: { body?: unknown }) => {
      const { status } = call.body as { status: TruthTableStatus };
      written.push(status);
      if (table !== undefined) table = { ...table, status };
      return {} as T;
    },
    stream: () => Promise.reject(new Error('nobody watches')),
  };
  const metrics = createMetrics(CONTROLLER_METRICS);
  const tools = {
    metrics,
    table: () => table,
    api,
    applier: createApplier({ api, fieldManager: 'test' }),
    events: { record: async (_: unknown, { reason }: { reason: string }) => void said.push(reason) },
    clock: system.clock,
    log,
  };
  const reconcile = reconcileTables(tools as unknown as Parameters<typeof reconcileTables>[0], {
    openTarget: system.open,
    holder: 'operator',
    log,
    drillOnce: async ({ drill }) => {
      drilled.push(drill.label);
      return drillResult({ at: new Date(system.clock.now()).toISOString(), label: drill.label });
    },
  });
  /** One pass, and the time until the next goes by. */
  const pass = async (): Promise<number | undefined> => {
    const { requeueAfterMs } = await reconcile(KEY, new AbortController().signal);
    system.pass(requeueAfterMs ?? 0);
    return requeueAfterMs;
  };
  const reasons = (): string => (table?.status?.conditions ?? []).map(({ reason }) => reason).join(' ');
  return {
    system,
    written,
    said,
    drilled,
    pass,
    reasons,
    metrics: () => metrics.render(),
    passes: async (count: number) => {
      for (let done = 0; done < count; done += 1) await pass();
    },
    change: (spec: Partial<TruthTableSpec>) => {
      if (table === undefined) return;
      const { metadata } = table;
      const generation = (metadata.generation ?? 0) + 1;
      table = { ...table, metadata: { ...metadata, generation }, spec: { ...table.spec, ...spec } };
    },
    remove: () => {
      table = undefined;
    },
  };
}
