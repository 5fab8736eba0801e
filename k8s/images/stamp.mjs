import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentDigest, STAMP_FILE } from '../../runtime/dist/build/index.js';

/**
 * Writes down what an image was built from, for the processes to tell (`build` in /running, scholar_build_info):
 *   node k8s/images/stamp.mjs FOLDER COMMIT COMMITTED_AT
 * Nothing in it changes when the same commit is built again.
 */
const [folder = '', commit = '', committed_at = ''] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const stamp = {
  version,
  commit: commit || null,
  committed_at: committed_at || null,
  digest: contentDigest(folder),
};
writeFileSync(join(folder, STAMP_FILE), `${JSON.stringify(stamp, null, 2)}\n`);
