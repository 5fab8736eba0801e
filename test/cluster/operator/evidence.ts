import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { EVIDENCE_DOCS } from '../harness/environment.ts';

/** The section of the cluster on each of the generated pages. */
export interface EvidencePages {
  truthTables: string;
  testReport: string;
  diffSummary: string;
}

/**
 * What `scholar verify --write-docs` says of a namespace. The pages go to where `make cluster-evidence` wants them, else into a
 * folder that is gone afterwards.
 * @throws Error with what the command said when a page was not written.
 */
export async function evidenceOf(system: ClusterSystem): Promise<EvidencePages> {
  const folder = EVIDENCE_DOCS ?? (await mkdtemp(join(tmpdir(), 'scholar-evidence-')));
  try {
    const ran = await verified(system, folder);
    const page = async (name: string): Promise<string> => {
      if (!ran.stderr.includes(name)) throw new Error(`no ${name}: ${ran.stdout}\n${ran.stderr}`);
      const text = await readFile(join(folder, name), 'utf8');
      return text.slice(text.indexOf('<!-- section: cluster -->'));
    };
    return {
      truthTables: await page('TRUTH_TABLES.md'),
      testReport: await page('TEST_REPORT.md'),
      diffSummary: await page('DIFF_SUMMARY.md'),
    };
  } finally {
    if (EVIDENCE_DOCS === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** One slow moment of a busy machine is not what the pages are to tell of; a red that stays, they tell. */
async function verified(system: ClusterSystem, folder: string): ReturnType<ClusterSystem['scholar']> {
  for (let left = 4; ; left -= 1) {
    const ran = await system.scholar('verify', '--guards', '--write-docs', '--docs', folder);
    if (ran.code === 0 || left === 0) return ran;
  }
}

/** Of these ids, those of which A8's database has no event. */
export async function unknownTo(system: ClusterSystem, ids: readonly string[]): Promise<string[]> {
  const rows = await system.query<{ event_id: string }>(
    'SELECT event_id::text FROM events WHERE event_id = ANY($1::uuid[])',
    [ids],
  );
  const known = new Set(rows.map(({ event_id }) => event_id));
  return ids.filter((id) => !known.has(id));
}
