import { setTimeout as sleep } from 'node:timers/promises';
import { APP_LABELS, type AppLabel } from '@scholar/contract';
import { z } from 'zod';
import { CouldNotLook } from '../could-not-look.ts';
import type { AskControl } from '../target/replay.ts';
import type { Target } from '../target/target.ts';
import { eraseAtHub, type HubErasure, previewAtHub } from './hub-erasure.ts';

const forwarderSchema = z.object({
  queued: z.number(),
  delivered: z.number(),
  other: z.number(),
  dead_letters: z.number(),
  emptied: z.number(),
  discarded: z.number(),
  segments: z.number(),
  quarantine_files: z.number(),
});
export type ForwarderErasure = z.infer<typeof forwarderSchema>;

/** What an erasure did, or would do. The actor is not in it. */
export interface EraseReport {
  ok: boolean;
  dry_run: boolean;
  hub: HubErasure;
  /** Sums over the forwarders of an app. */
  forwarders: ({ label: AppLabel; replicas: number } & ForwarderErasure)[];
  /** Apps of which a forwarder was not reached; what it keeps is as it was. */
  not_reached: { label: AppLabel; reason: string }[];
}

/** An erasure reads all that a forwarder keeps. */
const FORWARDER_MS = 600_000;

export interface EraseDeps {
  target: Pick<Target, 'ask' | 'hubUrl' | 'orders'>;
  /** Told what is being done, for people. */
  progress: (text: string) => void;
  pause?: (ms: number) => Promise<unknown>;
}

/**
 * Erases an actor: A8 is told first, so that nothing comes back from then on; the forwarders follow; A8 goes through its
 * rows; and the forwarders once more, for what reached them meanwhile. Without `yes` everything is only counted.
 * @throws CouldNotLook when A8 does not answer or this target takes no orders.
 */
export async function eraseActor(deps: EraseDeps, actorId: string, yes: boolean): Promise<EraseReport> {
  const { target, progress, pause = sleep } = deps;
  if (target.orders === undefined) throw new CouldNotLook('This system takes no orders to erase anybody.');
  const { operationsKey: key, forwardersOf } = target.orders;
  const hub = { ask: target.ask, hubUrl: target.hubUrl, key, pause };
  const everywhere = () => eraseAtForwarders(forwardersOf, { actorId, dryRun: !yes });
  if (!yes) {
    progress('counting the rows of A8 and what the forwarders keep');
    const found = { hub: await previewAtHub(hub, actorId), ...(await everywhere()) };
    return { ok: isGood(found), dry_run: true, ...found };
  }
  progress('A8 has the order when this line is followed by another');
  const done = await eraseAtHub(hub, actorId, async () => {
    progress('the forwarders rewrite what they keep');
    const first = await everywhere();
    progress('A8 goes through its rows');
    return first;
  });
  progress('the forwarders look once more');
  const found = { hub: done.hub, ...added(done.meanwhile, await everywhere()) };
  return { ok: isGood(found) && found.hub.finished, dry_run: false, ...found };
}

type Kept = Pick<EraseReport, 'forwarders' | 'not_reached'>;

function isGood({ forwarders, not_reached }: Kept): boolean {
  return not_reached.length === 0 && forwarders.every(({ quarantine_files }) => quarantine_files === 0);
}

async function eraseAtForwarders(
  forwardersOf: NonNullable<Target['orders']>['forwardersOf'],
  order: { actorId: string; dryRun: boolean },
): Promise<Kept> {
  const kept: Kept = { forwarders: [], not_reached: [] };
  for (const label of APP_LABELS) {
    try {
      const { forwarders, close } = await forwardersOf(label);
      try {
        const all: ForwarderErasure[] = [];
        for (const ask of forwarders) all.push(await eraseAt(ask, order));
        kept.forwarders.push({ label, replicas: forwarders.length, ...all.reduce(sum, NOTHING) });
      } finally {
        await close();
      }
    } catch (error) {
      kept.not_reached.push({ label, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return kept;
}

async function eraseAt(
  ask: AskControl,
  { actorId, dryRun }: { actorId: string; dryRun: boolean },
): Promise<ForwarderErasure> {
  const json = { actor_id: actorId, dry_run: dryRun };
  const reply = await ask({ method: 'POST', path: '/erase', json, timeoutMs: FORWARDER_MS });
  // The answer to a wrong order could repeat it, so only the status is told.
  if (reply.status !== 200) throw new Error(`A forwarder answered ${reply.status} to POST /erase.`);
  return forwarderSchema.parse(JSON.parse(reply.body));
}

const NOTHING: ForwarderErasure = {
  ...{ queued: 0, delivered: 0, other: 0, dead_letters: 0 },
  ...{ emptied: 0, discarded: 0, segments: 0, quarantine_files: 0 },
};

function sum(a: ForwarderErasure, b: ForwarderErasure): ForwarderErasure {
  const names = Object.keys(NOTHING) as (keyof ForwarderErasure)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as ForwarderErasure;
}

/** What both passes did; what the second found in quarantine is what lies there. */
function added(first: Kept, second: Kept): Kept {
  const forwarders = second.forwarders.map((now) => {
    const before = first.forwarders.find(({ label }) => label === now.label);
    const { label, replicas, quarantine_files } = now;
    return { label, replicas, ...sum(now, before ?? NOTHING), quarantine_files };
  });
  return { forwarders, not_reached: second.not_reached };
}
