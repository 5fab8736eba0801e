import { chmodSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { judged } from '../goal.ts';
import { reportGoals } from '../report.ts';
import { digits } from '../statistics.ts';
import { type MatchingResult, RESULT } from './result.ts';
import { FULL, runMatching, SHORT } from './run.ts';

/** `make bench-matching`: matching and search over 100,000 scholarships. SHORT and BENCH_DIR as for `make bench`. */
const env = processEnv();
const { short, say } = readOptions(env);

requirePrograms({ findmnt: 'util-linux' });
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const { postgres, ...measured } = await runMatching({ sizes: short ? SHORT : FULL, folder, say });
const result: MatchingResult = {
  format: 1,
  at: new Date().toISOString(),
  machine: describeMachine(fileSystem),
  versions: { PostgreSQL: postgres },
  loadAverage: digits(loadavg()[0] ?? 0),
  ...measured,
  goals: judged(measured.goals),
};
reportGoals(result.goals, say);
if (short) say('a short run: nothing was written');
else
  writeFileSync(new URL(`../../../${RESULT}`, import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
