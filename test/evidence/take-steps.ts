import type { EvidenceRun, Step, StepName } from './seen.ts';

/** What a step saw, and what about it is bad. */
export interface Took {
  seen: Partial<EvidenceRun>;
  failure?: string | undefined;
}

export interface StepPlan<System> {
  name: StepName;
  take: (system: System) => Promise<Took>;
}

/**
 * Takes one step after another and goes on after a bad one: what came of the others is evidence too. Without a system there are no others.
 * @param o.start gives the system; its time is the first step
 */
export async function takeSteps<System>(o: {
  start: () => Promise<System>;
  plans: readonly StepPlan<System>[];
  end: (system: System) => Promise<void>;
  now: () => number;
  onStep: (text: string) => void;
}): Promise<EvidenceRun> {
  const steps: Step[] = [];
  const timed = async (name: StepName, take: () => Promise<Took>): Promise<Partial<EvidenceRun>> => {
    o.onStep(`${name} …`);
    const fromMs = o.now();
    const { seen, failure } = await take().catch(
      (cause: unknown): Took => ({ seen: {}, failure: why(cause) }),
    );
    steps.push({ name, fromMs, toMs: o.now(), failure });
    o.onStep(`${name}: ${failure ?? 'done'}`);
    return seen;
  };
  let system: System | undefined;
  await timed('start', async () => {
    system = await o.start();
    return { seen: {} };
  });
  if (system === undefined) return { steps };
  const begun = system;
  try {
    let run: Partial<EvidenceRun> = {};
    for (const { name, take } of o.plans) run = { ...run, ...(await timed(name, () => take(begun))) };
    return { ...run, steps };
  } finally {
    await o.end(begun);
  }
}

function why(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replaceAll(/\s+/gu, ' ').slice(0, 400);
}
