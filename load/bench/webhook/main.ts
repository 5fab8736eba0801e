import { chmodSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { judged } from '../goal.ts';
import { reportGoals } from '../report.ts';
import { digits } from '../statistics.ts';
import { RESULT, type WebhookResult } from './result.ts';
import { FULL, runWebhook, SHORT } from './run.ts';

/** `make bench-webhook`: how soon A6 answers Stripe, and what becomes of a burst. SHORT and BENCH_DIR as for `make bench`. */
const env = processEnv();
const { short, say } = readOptions(env);
const sizes = short ? SHORT : FULL;

requirePrograms({ taskset: 'util-linux', findmnt: 'util-linux' });
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const run = await runWebhook({ sizes, parent: folder, say });
const { providers, connections, warmMs, measureMs } = sizes;
const result: WebhookResult = {
  format: 1,
  at: new Date().toISOString(),
  machine: describeMachine(fileSystem),
  versions: { PostgreSQL: run.postgres },
  plan: { providers, connections, warmMs, measureMs },
  loadAverage: digits(loadavg()[0] ?? 0),
  rates: run.rates,
  burst: run.burst,
  goals: judged(run.goals),
};
reportGoals(result.goals, say);
if (short) say('a short run: nothing was written');
else
  writeFileSync(new URL(`../../../${RESULT}`, import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
