import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { brokenThresholds, summarySchema } from '../../load/run/summary.ts';
import { isPassed, OUTCOME_LINE, verdictLine } from '../../load/run/verdict.ts';
import { type LocalSystem, repositoryRoot } from '../harness/local-system.ts';
import type { LoadSeen } from './seen.ts';
import type { StepPlan } from './take-steps.ts';
import { shownBy, watchHub } from './watch.ts';

const EVERY_MS = 1_000;

const outcomeSchema = z.object({
  ...{ profile: z.string(), engine: z.string(), code: z.number(), kills: z.number(), summary: summarySchema },
  comparison: z
    .object({
      ...{ started: z.number(), acknowledged: z.number(), rows: z.number(), missing: z.array(z.string()) },
      ...{ unanswered: z.number(), cutShort: z.number() },
    })
    .optional(),
});

/** `make load` against the system, with A8's own histogram beside it. @param folder for what it writes */
export const underLoad = (profile: string, folder: string): StepPlan<LocalSystem> => ({
  name: 'load',
  take: async (system) => {
    const shown = await shownBy(system, []);
    const ended = new AbortController();
    const watching = watchHub(shown, EVERY_MS, ended.signal);
    const points = join(folder, 'points.json');
    const told = await load({ STATE: system.state, OUT: folder, PROFILE: profile, POINTS: points }).finally(
      () => ended.abort(),
    );
    const hub = await watching;
    const outcome = { comparison: undefined, ...told };
    const [passed, verdict] = [isPassed(outcome), verdictLine(outcome)];
    const broken = brokenThresholds(outcome.summary).map(
      ({ metric, expression }) => `broken: ${metric} ${expression}`,
    );
    const seen: LoadSeen = { ...outcome, passed, verdict, writes: await writesOf(points), hub };
    return { seen: { load: seen }, failure: passed ? undefined : [verdict, ...broken].join('; ') };
  },
});

/** @throws Error when it could not run */
async function load(settings: Record<string, string>): Promise<z.output<typeof outcomeSchema>> {
  const main = join(repositoryRoot, 'load', 'run', 'main.ts');
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', main];
  const env = { ...process.env, ...settings, OUTCOME: '1' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let outcome: string | undefined;
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith(OUTCOME_LINE)) outcome = line.slice(OUTCOME_LINE.length);
  const code = await closed;
  if (outcome === undefined) throw new Error(`make load ended with ${code} and did not tell what it saw`);
  return outcomeSchema.parse(JSON.parse(outcome));
}

const pointSchema = z.object({
  data: z.object({ time: z.string(), value: z.number(), tags: z.record(z.string(), z.unknown()).nullish() }),
});

/** Writes of k6's JSON output, which the runner has too. */
async function writesOf(file: string): Promise<LoadSeen['writes']> {
  const writes: (readonly [number, number])[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.includes('"http_req_duration"') || !line.includes('"Point"')) continue;
    const { time, value, tags } = pointSchema.parse(JSON.parse(line)).data;
    if (tags?.['op'] === 'write') writes.push([Date.parse(time), value]);
  }
  return writes.sort(([a], [b]) => a - b);
}
