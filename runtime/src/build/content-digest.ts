import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const PACKAGES = ['contract', 'runtime', 'sidecar', 'operator'];
/** What of a package runs, or is read while it runs. Sources, types and maps change nothing that happens. */
const PARTS = ['package.json', 'bin', 'dist', 'migrations', 'assets', 'guide'];
/** Names the version of every dependency; the dependencies themselves are too many to read at each start. */
const LOCK_FILE = 'package-lock.json';

/**
 * SHA-256 (64 hex) over what was built: path and content of every program, migration and asset of all packages, and the
 * list of the dependencies. Equal in a checkout and in an image that was built from it. Reads the disk, about 10 MB.
 * @param root the folder with the packages: a checkout, or /app of the image.
 */
export function contentDigest(root: string): string {
  const services = join(root, 'services');
  const packages = [
    ...PACKAGES,
    ...(existsSync(services) ? readdirSync(services).map((name) => join('services', name)) : []),
  ];
  const paths = packages.flatMap((folder) => PARTS.flatMap((part) => filesOf(root, join(folder, part))));
  if (existsSync(join(root, LOCK_FILE))) paths.push(LOCK_FILE);
  const whole = createHash('sha256');
  for (const path of paths.map((each) => each.split(sep).join('/')).sort()) {
    const content = createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex');
    whole.update(`${path}\0${content}\n`);
  }
  return whole.digest('hex');
}

function filesOf(root: string, path: string): string[] {
  const at = join(root, path);
  if (!existsSync(at)) return [];
  if (path.endsWith('package.json')) return [path];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter(runs);
}

/** Of dist only programs; what only tests use is not in an image. */
function runs(path: string): boolean {
  const parts = path.split(sep);
  if (parts.includes('testing')) return false;
  return !parts.includes('dist') || (path.endsWith('.js') && !path.endsWith('.test.js'));
}
