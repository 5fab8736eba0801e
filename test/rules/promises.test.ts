import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfProof } from './proof.ts';
import { repositoryRoot } from './source-files.ts';

const FOLDER = 'services/scholarship_api';
const page = readFileSync(join(repositoryRoot, FOLDER, 'README.md'), 'utf8');

const SECTIONS = ['money', 'the catalogue and of matching'] as const;

test.each(SECTIONS)('every promise of %s names a test that is there', (of) => {
  const [, rest = ''] = page.split(`## What is promised of ${of}\n`);
  const [section = ''] = rest.split('\n## ');
  const proofs = [...section.matchAll(/^\| (.+?) \| (\[.+\]\(.+\)) \|$/gmu)].map(
    ([, promise, proof = '']) => ({
      promise,
      proof,
    }),
  );
  expect(proofs.length).toBeGreaterThan(20);
  expect(proofs).toHaveLength((section.match(/^\| /gmu)?.length ?? 0) - 1);
  const faults = proofs.map(({ promise, proof }) => [promise, faultOfProof(proof, FOLDER)]);
  expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
});
