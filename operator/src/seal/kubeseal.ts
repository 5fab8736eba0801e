import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../target/local/overrides.ts';

/** One Secret's values to be encrypted. */
export interface PlainSecret {
  namespace: string;
  name: string;
  values: Readonly<Record<string, string>>;
}

/** Encrypts a Secret's values for the controller of one certificate; ciphertext by key. */
export type SealSecret = (secret: PlainSecret) => Promise<Record<string, string>>;

const sealedSecret = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({ encryptedData: z.record(z.string(), z.string()) }),
});

/**
 * The program itself: KUBESEAL, else on the PATH, else what `make kubeseal` built.
 * @throws UsageError when there is none.
 */
export function findKubeseal(env: Readonly<Record<string, string | undefined>>, root: string): string {
  const named = env['KUBESEAL'];
  if (named) {
    if (isProgram(named)) return named;
    throw new UsageError(`KUBESEAL names ${named}, which is no program.`);
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), join(root, '.tools', 'bin')];
  const found = folders.filter((folder) => folder !== '').map((folder) => join(folder, 'kubeseal'));
  const program = found.find(isProgram);
  if (program !== undefined) return program;
  throw new UsageError(
    'kubeseal is missing. Run `make kubeseal` (needs Go), put it on the PATH, or name it with KUBESEAL.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * kubeseal by a certificate on disk, scope strict: it speaks to no cluster. The plain text goes through its stdin, never
 * through an argument, the environment or a file.
 */
export function kubesealWith(options: { program: string; certificate: string }): SealSecret {
  const args = ['--cert', options.certificate, '--scope', 'strict', '--format', 'json'];
  return async ({ namespace, name, values }) => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      data: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]),
      ),
    };
    const output = await run(options.program, args, JSON.stringify(secret));
    const { metadata, spec } = sealedSecret.parse(JSON.parse(output));
    const absent = Object.keys(values).filter((key) => !spec.encryptedData[key]);
    if (absent.length > 0 || metadata.name !== name || metadata.namespace !== namespace)
      throw new Error(
        `kubeseal did not seal ${namespace}/${name} as asked: ${absent.join(', ') || 'its name'}`,
      );
    return spec.encryptedData;
  };
}

async function run(program: string, args: readonly string[], input: string): Promise<string> {
  // A kubeconfig of the caller is of no concern: nothing here may depend on a cluster.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  // It may refuse before it has read everything; its exit code tells then.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`kubeseal ended with ${code}: ${complaint.trim().slice(0, 500)}`);
  return output;
}
