import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../../harness/kubectl.ts';
import { type Ran, repositoryRoot, runScholar } from '../../harness/local-system.ts';

const ACCOUNT = 'fixer';

/** Several rollouts, one after the other, and their proofs. */
const PATIENCE_MS = 600_000;

/** Somebody with the rights of docs/cluster-target.md and no others. */
export interface Fixer {
  fix: (...args: string[]) => Promise<Ran>;
  remove: () => Promise<void>;
}

export async function fixerOf(namespace: string): Promise<Fixer> {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-fixer-'));
  const page = await readFile(join(repositoryRoot, 'docs', 'cluster-target.md'), 'utf8');
  const roles = [...page.matchAll(/```yaml\n(.*?)```/gsu)].map(([, role = '']) => role);
  const rolesFile = join(folder, 'roles.yaml');
  await writeFile(rolesFile, roles.join('---\n'));
  await kubectl('apply', '-n', namespace, '-f', rolesFile);
  await kubectl('create', 'serviceaccount', '-n', namespace, ACCOUNT);
  for (const role of ['scholar-verify', 'scholar-fix']) {
    const binding = ['create', 'rolebinding', role, `--role=${role}`];
    await kubectl(...binding, '-n', namespace, `--serviceaccount=${namespace}:${ACCOUNT}`);
  }
  const config = join(folder, 'kubeconfig.json');
  await writeFile(config, await kubeconfigOf(namespace), { mode: 0o600 });
  return {
    fix: (...args) =>
      runScholar(['fix', '--target', 'cluster', '-n', namespace, '-o', 'json', '--docs', folder, ...args], {
        env: { KUBECONFIG: config },
        timeout: PATIENCE_MS,
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}

async function kubeconfigOf(namespace: string): Promise<string> {
  const config = JSON.parse(await kubectl('config', 'view', '--raw', '--flatten', '--minify', '-o', 'json'));
  const token = (await kubectl('create', 'token', '-n', namespace, ACCOUNT, '--duration=2h')).trim();
  for (const each of config.users) each.user = { token };
  return JSON.stringify(config);
}
