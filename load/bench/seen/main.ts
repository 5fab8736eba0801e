import { chmodSync } from 'node:fs';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { judged } from '../goal.ts';
import { reportGoals, reportKept } from '../report.ts';
import { digits } from '../statistics.ts';
import { keepSteady } from '../steady.ts';
import { judgeSeen } from './goals.ts';
import { saveSeen } from './result.ts';
import { FULL, runSeen, SHORT } from './run.ts';

/**
 * `make bench-seen`: what somebody who reads the metrics costs those who write events (G20). Writes its part of
 * load/bench/results/seen.json. ROUNDS, SHORT and BENCH_DIR as for `make bench`.
 */
const env = processEnv();
const { short, passes, say } = readOptions(env);
const sizes = { ...(short ? SHORT : FULL), ...passes };

requirePrograms({ taskset: 'util-linux', findmnt: 'util-linux' });
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const fromMs = performance.now();
const run = await runSeen({ sizes, parent: folder, say });
const kept = keepSteady(run.passes);
const goals = judged(judgeSeen(kept.kept));
reportGoals(goals, say);
reportKept(kept, say);
if (short) say('a short run: nothing was written');
else
  saveSeen({
    scrape: {
      format: 1,
      at: new Date().toISOString(),
      machine: describeMachine(fileSystem),
      versions: { PostgreSQL: run.postgres },
      plan: {
        ...{ ...sizes, kept: kept.kept.length, thrownAway: kept.thrownAway, moved: digits(kept.moved) },
        seconds: Math.round((performance.now() - fromMs) / 1_000),
      },
      passes: kept.kept.map(({ pairs }) => pairs),
      goals,
    },
  });
