import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHART, IMAGE, POSTGRES_IMAGE, TOOLS } from './environment.ts';

const run = promisify(execFile);

export type HelmVersion = 3 | 4;

/** Helm's words for waiting until everything is ready; installing on a busy machine takes its time. */
const WAIT = ['--wait', '--timeout', '10m'];

/** @returns what Helm printed. @throws with its complaint when it fails. */
export async function helm(version: HelmVersion, ...args: string[]): Promise<string> {
  const { stdout } = await run(join(TOOLS, `helm${version}`), args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

export interface Release {
  namespace: string;
  /** Values over those of the files, by path. */
  set?: Record<string, unknown>;
  /** Values files over values-dev.yaml, or, with `dev: false`, instead of it. */
  values?: string[];
  dev?: boolean;
  image?: string;
  version?: HelmVersion;
}

/** `helm upgrade --install` of the umbrella with the values of a trial; resolves when everything is ready. */
export async function installRelease(release: Release): Promise<void> {
  const { namespace, version = 4 } = release;
  // Said aloud: after a `helm test` by Helm 3, Helm 4 takes the release for one that is not applied by the server.
  const fields = version === 4 ? ['--server-side=true', '--force-conflicts'] : [];
  const args = [
    'upgrade',
    '--install',
    'scholar',
    CHART,
    '--namespace',
    namespace,
    ...releaseValues(release),
  ];
  await helm(version, ...args, ...fields, ...WAIT);
}

/** The values of a release as arguments of Helm. */
export function releaseValues({ set = {}, values = [], dev = true, image = IMAGE }: Release): string[] {
  const files = dev ? [join(CHART, 'values-dev.yaml'), ...values] : values;
  const all = { ...imageValues('global.scholar.image', image), ...postgresValues(), ...set };
  return [
    ...files.flatMap((file) => ['--values', file]),
    ...Object.entries(all).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]),
  ];
}

/** Goes back to a revision; resolves when everything is ready. */
export async function rollbackRelease(namespace: string, revision: number): Promise<void> {
  await beginRollback(namespace, revision, WAIT);
}

/** Goes back to a revision; resolves when the cluster has been told, whatever becomes of it. */
export async function beginRollback(
  namespace: string,
  revision: number,
  wait: readonly string[] = [],
): Promise<void> {
  const args = ['rollback', 'scholar', String(revision), '--namespace', namespace];
  await helm(4, ...args, '--server-side=true', '--force-conflicts', ...wait);
}

/** The number of the revision that runs now. */
export async function currentRevision(namespace: string): Promise<number> {
  const history: { revision: number }[] = JSON.parse(
    await helm(4, 'history', 'scholar', '--namespace', namespace, '--output', 'json'),
  );
  return Math.max(...history.map(({ revision }) => revision));
}

function postgresValues(): Record<string, string> {
  return POSTGRES_IMAGE === undefined ? {} : imageValues('postgresql.image', POSTGRES_IMAGE);
}

function imageValues(at: string, image: string): Record<string, string> {
  const colon = image.lastIndexOf(':');
  return { [`${at}.repository`]: image.slice(0, colon), [`${at}.tag`]: image.slice(colon + 1) };
}
