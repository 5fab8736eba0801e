import { runInPod } from '../harness/one-off-pod.ts';

const DIGESTS = `
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync } = require('node:fs');
const files = readdirSync('/claim', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const paths = files.map((entry) => entry.parentPath + '/' + entry.name).sort();
console.log(JSON.stringify(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')])));
`;

/** Every file on a volume claim with its SHA-256, sorted by path. */
export async function filesOn(namespace: string, claim: string): Promise<[path: string, sha256: string][]> {
  return JSON.parse(await runInPod(namespace, { name: 'look', script: DIGESTS, claim }));
}
