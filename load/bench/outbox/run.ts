import { join } from 'node:path';
import type { Hot } from '../cpu-profile.ts';
import { type GoalResult, judged } from '../goal.ts';
import { type Kept, keepSteady } from '../steady.ts';
import type { Contestant } from './contestants/contestant.ts';
import { forwarder } from './contestants/forwarder.ts';
import type { Seen } from './goals/goal.ts';
import { measureGrowth } from './growth.ts';
import { SMALL_HEAP } from './heap-flags.ts';
import { measureIdle } from './idle.ts';
import { lineUp } from './line-up.ts';
import { measurePass, type Pass } from './passes.ts';
import type { Peers } from './peers/install.ts';
import type { Selection, Sizes } from './plan.ts';
import { profileForwarder } from './profile.ts';
import type { BenchResult } from './result.ts';
import { countSyncs } from './sync-count.ts';

export type Run = {
  kept: Kept<Pass>;
  seen: Seen;
  syncs: BenchResult['syncs'];
  profile: Hot[];
  goals: Record<string, GoalResult>;
};

export type RunInput = {
  selection: Selection;
  sizes: Sizes;
  peers: Peers;
  folder: string;
  nodeFlags: readonly string[];
  say: (text: string) => void;
};

/** Everything that was selected, one thing after the other. @throws Error when an acknowledged event is lost, or a class is not proven */
export async function runBench(input: RunInput): Promise<Run> {
  const fromMs = performance.now();
  const { selection, sizes, folder, say } = input;
  const find = lineUp(input.peers, input.nodeFlags);
  const syncs = await proveClasses(
    [...selection.contestants].map((name) => find(name)),
    {
      folder: join(folder, 'syncs'),
      events: sizes.syncEvents,
      say,
    },
  );
  const allPasses: Pass[] = [];
  let longestMs = 0;
  for (let turn = 1; turn <= sizes.passes && selection.cells.length > 0; turn += 1) {
    const passFromMs = performance.now();
    if (turn > 1 && passFromMs - fromMs + longestMs > sizes.passesWithinMs) break;
    say(`pass ${turn} of ${sizes.passes}`);
    allPasses.push(await measurePass(selection.cells, find, { ...sizes, folder, say }));
    longestMs = Math.max(longestMs, performance.now() - passFromMs);
  }
  const kept = allPasses.length === 0 ? { kept: [], thrownAway: 0, moved: 0 } : keepSteady(allPasses);
  const seen: Seen = { passes: kept.kept, allPasses };
  if (selection.growth)
    seen.growth = await measureGrowth(find('forwarder'), {
      ...sizes.growth,
      folder: join(folder, 'growth'),
      say,
    });
  if (selection.idle) {
    say(`seven idle for ${sizes.idleMs / 1_000} s, three times`);
    const idle = join(folder, 'idle');
    seen.idleBytes = {
      forwarder: await measureIdle(find('forwarder'), idle, sizes.idleMs),
      smallHeap: await measureIdle(forwarder(SMALL_HEAP), idle, sizes.idleMs),
      otel: await measureIdle(find('otel', 'through'), idle, sizes.idleMs),
    };
  }
  say('profiling the forwarder');
  const profile = await profileForwarder(join(folder, 'profile'), sizes.profileMs);
  return {
    kept,
    seen,
    syncs,
    profile,
    goals: judged(Object.assign({}, ...selection.goals.map((goal) => goal.judge(seen)))),
  };
}

/** Under strace, one event in flight: who says D3 must sync at least once for each. */
async function proveClasses(
  contestants: readonly Contestant[],
  { folder, events, say }: { folder: string; events: number; say: (text: string) => void },
): Promise<BenchResult['syncs']> {
  const syncs: BenchResult['syncs'] = {};
  for (const contestant of contestants) {
    const count = await countSyncs(contestant, folder, events);
    const each = (count.syncCalls + count.syncedWrites) / count.events;
    say(`${contestant.title}: ${each.toFixed(2)} syncs an event with one in flight`);
    if (contestant.durability === 'D3' && each < 1)
      throw new Error(
        `${contestant.title} does not sync before it answers: it has no place in this comparison`,
      );
    syncs[contestant.name] = { title: contestant.title, ...count };
  }
  return syncs;
}
