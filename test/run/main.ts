import { abortOnSignals } from './child.ts';
import { finish, runStage, sumOf } from './jest-stage.ts';

/**
 * `make test`: first what lives in one process or a few, three suites at a time, since they wait
 * for processes and disks more than they compute; then test/e2e, which starts whole systems
 * and would only measure itself beside others. test/cluster needs a cluster: `make cluster-test`, test/monitoring a Prometheus: `make monitoring-test`. Arguments are passed
 * on to Jest. Where CI is `true`, files that fail are run once more. Prints the counts as its last line.
 */
const STAGES = [
  {
    what: ['--testPathIgnorePatterns', '/node_modules/', '/dist/', '/test/(e2e|cluster|monitoring|cost)/'],
    how: ['--maxWorkers', '3'],
  },
  { what: ['--testPathPatterns', 'test/e2e/'], how: ['--runInBand'] },
];

const given = process.argv.slice(2);
// With arguments somebody looks for something: then the first word counts.
const again = process.env['CI'] === 'true' && given.length === 0;
const signal = abortOnSignals();
const counts = [];
for (const { what, how } of STAGES) {
  counts.push(
    await runStage({
      args: [...what, ...how, ...given],
      how,
      signal,
      ...(again ? { again: async () => process.env } : {}),
    }),
  );
}
finish(sumOf(counts));
