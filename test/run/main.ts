import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `make test`: first what lives in one process or a few, two suites at a time; then test/e2e, which starts whole systems
 * and would only measure itself beside others. test/cluster needs a cluster: `make cluster-test`. Arguments are passed on to Jest. Prints the counts as its last line.
 */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const STAGES = [
  ['--testPathIgnorePatterns', '/node_modules/', '/dist/', '/test/(e2e|cluster)/', '--maxWorkers', '2'],
  ['--testPathPatterns', 'test/e2e/', '--runInBand'],
];

const folder = mkdtempSync(join(tmpdir(), 'scholar-tests-'));
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
let broken = false;
try {
  for (const [index, stage] of STAGES.entries()) {
    const report = join(folder, `stage-${index}.json`);
    const status = runJest([
      ...stage,
      '--passWithNoTests',
      '--json',
      '--outputFile',
      report,
      ...process.argv.slice(2),
    ]);
    const counts = readCounts(report);
    if (status !== 0 && counts.failed === 0) broken = true;
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (broken) total.failed += 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function runJest(args: string[]): number {
  const jest = join(import.meta.dirname, '..', '..', 'node_modules', 'jest', 'bin', 'jest.js');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  // Jest's JSON goes to the file; its own report, on stderr, is for the person who watches.
  return (
    spawnSync(process.execPath, [...node, jest, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
      .status ?? 1
  );
}

/** A suite that could not even be loaded has no test of its own: it counts as one failed. */
function readCounts(path: string): Counts {
  const report: Record<string, number> = JSON.parse(readFileSync(path, 'utf8'));
  return {
    passed: report['numPassedTests'] ?? 0,
    failed: (report['numFailedTests'] ?? 0) + (report['numRuntimeErrorTestSuites'] ?? 0),
    skipped: (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0),
  };
}
