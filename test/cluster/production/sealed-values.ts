import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runScholar } from '../../harness/local-system.ts';
import { KUBE_ENV, TOOLS } from '../harness/environment.ts';
import { type ExternalPostgres, ROLES } from './external-postgres.ts';

const run = promisify(execFile);

export interface RingRecord {
  id: string;
  name: string;
  fingerprint: string;
  current: boolean;
}

/** What `scholar seal -o json` says. */
export interface SealReport {
  made: string[];
  missing: string[];
  revoked: string[];
  ring: RingRecord[];
}

/** The owner's side of sealing: a certificate that was fetched once, and a values file that is continued. */
export interface Sealer {
  /** The values file. */
  file: string;
  /** Seals, with these flags over. @throws Error with what the command said when its exit code is not 0. */
  seal: (...flags: string[]) => Promise<SealReport>;
}

/** Fetches the controller's certificate; from then on nothing of sealing asks the cluster. */
export async function openSealer(namespace: string, folder: string): Promise<Sealer> {
  const certificate = join(folder, 'controller.crt');
  const { stdout } = await run('kubeseal', ['--fetch-cert'], {
    env: { ...process.env, ...KUBE_ENV, PATH: `${process.env['PATH']}:${TOOLS}` },
  });
  await writeFile(certificate, stdout);
  const file = join(folder, 'sealed.yaml');
  const fixed = ['--env', 'production', '--namespace', namespace, '--cert', certificate, '--out', file];
  return {
    file,
    async seal(...flags) {
      const ran = await runScholar(['seal', ...fixed, '-o', 'json', ...flags]);
      if (ran.code !== 0) throw new Error(`seal ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
      return JSON.parse(ran.stdout) as SealReport;
    },
  };
}

/** Keys of the live kind that belong to nobody: production refuses test keys. */
export function stripeKeys(): string[] {
  const random = () => randomBytes(24).toString('hex');
  const live = () => ['rk', 'live', random()].join('_');
  return [
    `scholarship_api.STRIPE_SECRET_KEY=${live()}`,
    `provider_register.STRIPE_SECRET_KEY=${live()}`,
    `provider_register.STRIPE_WEBHOOK_SECRET=whsec_${random()}`,
  ];
}

/** Writes what only the owner has. @returns the file, for --from-env-file. */
export async function ownersValues(has: {
  postgres: ExternalPostgres;
  stripe: readonly string[];
  folder: string;
}): Promise<string> {
  const { postgres, stripe, folder } = has;
  const urls = ROLES.map((label) => `${label}.DATABASE_URL=${postgres.url(label)}`);
  const path = join(folder, 'owners.env');
  await writeFile(path, `${[...urls, ...stripe].join('\n')}\n`, { mode: 0o600 });
  return path;
}
