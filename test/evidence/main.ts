/**
 * `make evidence`: the brief's three phases on a system of its own that begins broken, then load, then A8 away. Writes docs/TRUTH_TABLES.md, TEST_REPORT.md and
 * DIFF_SUMMARY.md, with pictures of the run's own figures. Exits 0 when everything held, 1 else: then the report says what did not.
 *
 * DOCS=<folder> (default docs/)   PROFILE=<of load/scenarios> (default average)   ENGINE=k6|runner
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EVIDENCE_INTRO, writeSection } from '@scholar/operator/docs/sectioned-page';
import { LocalSystem, repositoryRoot } from '../harness/local-system.ts';
import { outage } from './outage.ts';
import { phases } from './phases.ts';
import { picturesOf } from './pictures.ts';
import { reportSection } from './report-section.ts';
import { type EvidenceRun, failuresOf } from './seen.ts';
import { takeSteps } from './take-steps.ts';
import { truthSection } from './truth-section.ts';
import { underLoad } from './under-load.ts';

const PICTURES = 'evidence';
const docs = resolve(process.env['DOCS'] ?? join(repositoryRoot, 'docs'));
const folder = await mkdtemp(join(tmpdir(), 'scholar-evidence-'));
const [loadBefore = 0] = loadavg();
let system: LocalSystem | undefined;
// What was started lives on by itself: whoever interrupts takes it with him.
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, async () => {
    await system?.stop();
    process.exit(130);
  });
try {
  const taken = await takeSteps({
    start: async () => {
      system = await LocalSystem.start('--profile', 'broken');
      return system;
    },
    plans: [...phases(docs), underLoad(process.env['PROFILE'] ?? 'average', folder), outage],
    end: (begun) => begun.stop(),
    now: Date.now,
    onStep: (text) => console.error(text),
  });
  const [loadAfter = 0] = loadavg();
  const machine = { cores: availableParallelism(), node: process.version, loadBefore, loadAfter };
  const run: EvidenceRun = { ...taken, machine };
  await write(run);
  const failures = failuresOf(run);
  console.log(
    failures.length === 0
      ? 'evidence: everything held'
      : `evidence: NOT everything held: ${failures.join('; ')}`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Pictures of an older run do not stay beside a newer report. */
async function write(run: EvidenceRun): Promise<void> {
  const pictures = join(docs, PICTURES);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  for (const [name, svg] of Object.entries(picturesOf(run))) await writeFile(join(pictures, name), svg);
  const page = (name: string, title: string, body: string): Promise<string> =>
    writeSection({ path: join(docs, name), title, intro: EVIDENCE_INTRO, section: 'run', body });
  await page('TEST_REPORT.md', 'Test report', reportSection(run, PICTURES));
  await page('TRUTH_TABLES.md', 'Truth tables', truthSection(run, PICTURES));
}
