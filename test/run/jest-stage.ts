import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runChild } from './child.ts';

/** Tests by how they ended. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Stage {
  /** Arguments of Jest that say how and what to run. */
  args: readonly string[];
  /** The arguments that say how; a second try names its files itself. */
  how: readonly string[];
  env?: NodeJS.ProcessEnv;
  /**
   * Whether files that failed are run once more: resolves to the environment of the second try, after having made what
   * they start from anew. Absent: the first word counts.
   */
  again?: (failed: readonly string[]) => Promise<NodeJS.ProcessEnv>;
  signal?: AbortSignal;
}

interface Report {
  files: Map<string, Counts>;
  /** Jest itself failed, and no test tells why. */
  broken: boolean;
}

const root = join(import.meta.dirname, '..', '..');

/**
 * Runs Jest; files that fail are run once more where the stage wants it. A file that passes the second time is counted
 * by that, and named as flaky, with the output of its first failure kept above. Prints nothing else of its own.
 */
export async function runStage(stage: Stage): Promise<Counts> {
  const first = await runJest(stage.args, stage);
  const failed = [...first.files].filter(([, { failed: count }]) => count > 0).map(([file]) => file);
  if (stage.again === undefined || failed.length === 0 || stage.signal?.aborted) return countsOf([first]);
  const env = await stage.again(failed);
  console.log(`\nonce more, from the start: ${failed.map(shown).join(' ')}\n`);
  const second = await runJest([...stage.how, '--runTestsByPath', ...failed], { ...stage, env });
  for (const file of failed) {
    const outcome = second.files.get(file);
    // A file of which the second try has nothing to say keeps its first verdict.
    if (outcome === undefined) continue;
    first.files.set(file, outcome);
    console.log(outcome.failed === 0 ? `\n!!! flaky: ${shown(file)}\n` : `\nfailed twice: ${shown(file)}\n`);
  }
  return countsOf([first, { files: new Map(), broken: second.broken }]);
}

export function sumOf(counts: readonly Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const each of counts) {
    sum.passed += each.passed;
    sum.failed += each.failed;
    sum.skipped += each.skipped;
  }
  return sum;
}

/** The last line of a run, and its exit code: no failure, and something has passed. */
export function finish(total: Counts): void {
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** A run that failed without a failed test counts as one. */
function countsOf(reports: readonly Report[]): Counts {
  const counts = sumOf(reports.flatMap(({ files }) => [...files.values()]));
  if (counts.failed === 0 && reports.some(({ broken }) => broken)) counts.failed += 1;
  return counts;
}

async function runJest(
  args: readonly string[],
  { env = process.env, signal }: Pick<Stage, 'env' | 'signal'>,
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'scholar-tests-'));
  const output = join(folder, 'report.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const report = ['--passWithNoTests', '--json', '--outputFile', output];
  try {
    // Jest's JSON goes to the file; its own report, on stderr, is for the person who watches.
    const status = await runChild(process.execPath, [...node, ...args, ...report], {
      env,
      signal,
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const files = readReport(output);
    const told = [...files.values()].some(({ failed }) => failed > 0);
    return { files, broken: status !== 0 && !told };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface JestReport {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

/** @returns counts by file; empty when Jest wrote none. */
function readReport(path: string): Map<string, Counts> {
  let report: JestReport;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return new Map();
  }
  return new Map(report.testResults.map((result) => [result.name, fileCounts(result)]));
}

/** A suite that could not even be loaded has no test of its own: it counts as one failed. */
function fileCounts({ status, assertionResults }: JestReport['testResults'][number]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const each of assertionResults) {
    if (each.status === 'passed') counts.passed += 1;
    else if (each.status === 'failed') counts.failed += 1;
    else counts.skipped += 1;
  }
  if (status === 'failed' && counts.failed === 0) counts.failed = 1;
  return counts;
}

function shown(file: string): string {
  return relative(root, file);
}
