import { join } from 'node:path';
import { APP_LABELS } from '@scholar/contract';
import { type Probe, probe } from '../probe.ts';
import { type Cell, type CellName, type ContestantName, WAY_PER_SECOND } from './cells.ts';
import type { Round } from './round.ts';
import { type Stage, stageRound } from './stage.ts';
import { measureWay, type Way } from './way.ts';

/** One pass: every cell with every contestant once, one after the other, between two looks at the machine. */
export type Pass = {
  rounds: Partial<Record<CellName, Partial<Record<ContestantName, Round>>>>;
  way?: Way;
  before: Probe;
  after: Probe;
};

export type PassPlan = {
  cells: readonly Cell[];
  way: boolean;
  folder: string;
  warmMs: number;
  measureMs: number;
  wayMs: number;
  probeMs: number;
  say: (text: string) => void;
};

export async function measurePass(stage: Stage, plan: PassPlan): Promise<Pass> {
  const { folder, probeMs } = plan;
  const before = await probe(folder, probeMs);
  const rounds: Pass['rounds'] = {};
  for (const cell of plan.cells) rounds[cell.name] = await measureCell(stage, cell, plan);
  const way = plan.way ? { way: await measureTheWay(stage, plan) } : {};
  return { rounds, ...way, before, after: await probe(folder, probeMs) };
}

async function measureCell(stage: Stage, cell: Cell, plan: PassPlan) {
  const of: Partial<Record<ContestantName, Round>> = {};
  for (const name of cell.contestants) {
    const { folder, warmMs, measureMs } = plan;
    const round = await stageRound(stage, name, { cell, folder: join(folder, 'round'), warmMs, measureMs });
    of[name] = round;
    const latency = Number.isNaN(round.p95Ms)
      ? `${round.averageMs.toFixed(2)} ms on average`
      : `p50 ${round.p50Ms.toFixed(2)}, p95 ${round.p95Ms.toFixed(2)}, p99 ${round.p99Ms.toFixed(2)} ms`;
    const cpu = [round.serverCpuUs, round.databaseCpuUs, round.loadCpuUs].map((us) => us.toFixed(0));
    plan.say(
      `${cell.name}: ${name}: ${Math.round(round.perSecond)}/s, ${latency}, CPU us server ${cpu[0]}, ` +
        `PostgreSQL ${cpu[1]}, load ${cpu[2]}, others used ${(round.foreignCpu * 100).toFixed(0)} %`,
    );
  }
  return of;
}

async function measureTheWay({ way }: Stage, { folder, warmMs, wayMs, say }: PassPlan): Promise<Way> {
  if (way === undefined) throw new Error('the stage was set without seven forwarders');
  const seen = await measureWay({
    ...{ system: way.system, site: way.site, folder: join(folder, 'way') },
    ...{ forwarders: APP_LABELS.length, perSecond: WAY_PER_SECOND, warmMs, measureMs: wayMs },
  });
  say(
    `way: ${seen.events} events, committed p50 ${seen.committedP50Ms.toFixed(1)}, p95 ${seen.committedP95Ms.toFixed(1)}, ` +
      `p99 ${seen.committedP99Ms.toFixed(1)} ms, others used ${(seen.foreignCpu * 100).toFixed(0)} %`,
  );
  return seen;
}
