import { join } from 'node:path';
import { isDrift } from '../audit/audit.ts';
import { EVIDENCE_INTRO, writeSection } from '../docs/sectioned-page.ts';
import { type Reported, testReportPage } from '../docs/test-report-page.ts';
import { truthTablePage } from '../docs/truth-table-page.ts';
import { writeDiffSummary } from '../remedy/write-diff-summary.ts';

/**
 * Writes docs/TRUTH_TABLES.md and docs/TEST_REPORT.md, the brief's deliverables, from one verification. Where the target
 * tells what was repaired lately, docs/DIFF_SUMMARY.md too. Of each page the section of this target alone.
 * @returns the paths written.
 */
export async function writeEvidenceDocs(folder: string, reported: Reported): Promise<string[]> {
  const { proof, operated } = reported;
  const section = proof.table.target === 'cluster' ? ('cluster' as const) : ('local' as const);
  const page = (name: string, title: string, body: string): Promise<string> =>
    writeSection({ path: join(folder, name), title, intro: EVIDENCE_INTRO, section, body });
  const written = await Promise.all([
    page('TRUTH_TABLES.md', 'Truth tables', truthTablePage(proof, operated)),
    page('TEST_REPORT.md', 'Test report', testReportPage(reported)),
  ]);
  const records = (operated?.repairs ?? []).map(({ record }) => record);
  if (records.length === 0) return written;
  const left = proof.judged.filter(isDrift);
  return [...written, await writeDiffSummary(folder, { records, left, operated })];
}
