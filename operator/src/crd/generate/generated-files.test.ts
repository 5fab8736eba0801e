import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DEFINITION_FOLDERS, generatedFiles } from './generated-files.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const folders = DEFINITION_FOLDERS.filter(
  (folder) => folder.startsWith('k8s/') || existsSync(new URL(`${dirname(folder)}/`, root)),
);
const files = generatedFiles({ folders, sample: read('k8s/samples/truthtable.yaml') });

test.each([...files.keys()])('%s is what its generator writes', (path) => {
  expect(read(path)).toBe(files.get(path));
});

test('people and Helm apply the same definition', () => {
  const [byHand, byHelm] = [...generatedFiles({ folders: DEFINITION_FOLDERS, sample: '' }).entries()];
  expect(byHelm?.[0]).toBe('charts/operator/files/truthtables.scholar.dev.yaml');
  expect(byHelm?.[1]).toBe(byHand?.[1]);
});
