import { rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { readCertificate, type SealingCertificate } from '../../seal/certificate.ts';
import { EXAMPLE_CERTIFICATE } from '../../seal/example-certificate.ts';
import { readGivenValues } from '../../seal/given-values.ts';
import { findKubeseal, kubesealWith } from '../../seal/kubeseal.ts';
import type { SealPlan } from '../../seal/plan.ts';
import { seal as sealNamespace } from '../../seal/seal.ts';
import { formatSealedFile, parseSealedFile, type SealedFile } from '../../seal/values-file.ts';
import { readText } from '../../target/local/json-file.ts';
import { repositoryRoot } from '../../target/local/layout.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printJson } from '../output.ts';

export interface SealFlags {
  env: string;
  cert?: string;
  fromEnvFile?: string;
  secrets?: string;
  out?: string;
  rotate: string[];
  revoke: string[];
}

/** Environments in which one key may send for all labels; everywhere else each app has its own only. */
const WITH_STAGING_KEY = ['staging', 'example'];

/**
 * `scholar seal`: the values file with every secret of a namespace, sealed offline. With --out an existing file is
 * continued: what is there stays. 0 when it is complete, 1 when values are missing that only their owner has.
 */
export async function seal(context: Context, flags: SealFlags): Promise<ExitCode> {
  const { options, env } = context;
  const { namespace } = options;
  if (namespace === undefined)
    throw new UsageError('--namespace is missing: ciphertext is bound to the namespace (scope strict).');
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(flags.env))
    throw new UsageError(`--env: ${flags.env} is no name; use letters, digits and "-", such as staging.`);
  const path = flags.cert ?? join(repositoryRoot(), 'k8s', 'sealed-secrets', `${flags.env}.crt`);
  const certificate = await readCertificate(path, Date.now());
  const program = findKubeseal(env, repositoryRoot());
  const { out } = flags;
  const before = out === undefined ? undefined : await readText(out);
  const given = await readGivenValues({ envFile: flags.fromEnvFile, folder: flags.secrets }, () =>
    text(process.stdin),
  );
  const { file, plan } = await sealNamespace(
    {
      ...{ namespace, given, rotate: flags.rotate, revoke: flags.revoke },
      before: before === undefined ? undefined : parseSealedFile(before, out ?? ''),
      stagingKey: WITH_STAGING_KEY.includes(flags.env),
      now: new Date().toISOString(),
    },
    {
      certificate,
      sealSecret: kubesealWith({ program, certificate: path }),
      exampleCertificate: EXAMPLE_CERTIFICATE,
    },
  );
  const content = formatSealedFile(file);
  if (out === undefined) context.screen.out(content.trimEnd());
  else await writeWhole(out, content);
  report(context, { file, plan, certificate, out });
  return plan.missing.length === 0 ? EXIT.ok : EXIT.bad;
}

/** A reader sees the old file or the new one. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, path);
  } catch (cause) {
    throw new UsageError(`--out: ${path} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
}

function report(
  { screen, json }: Context,
  done: { file: SealedFile; plan: SealPlan; certificate: SealingCertificate; out: string | undefined },
): void {
  const { file, plan, certificate, out } = done;
  const until = new Date(certificate.notAfter).toISOString().slice(0, 10);
  if (json && out !== undefined) {
    printJson(screen, {
      ...{ out, namespace: file.namespace, made: plan.made, kept: plan.kept, missing: plan.missing },
      ...{ revoked: plan.revoked, ring: file.ring },
      certificate: { fingerprint: certificate.fingerprint, not_after: until },
    });
    return;
  }
  const say = out === undefined ? screen.err : screen.out;
  const list = (ids: string[]) => (ids.length === 0 ? 'nothing' : ids.join(', '));
  say(`sealed anew:  ${list(plan.made)}`);
  say(`kept:         ${plan.kept.length} values, ciphertext unchanged`);
  if (plan.revoked.length > 0) say(`out of the ring: ${list(plan.revoked)}`);
  for (const { name } of file.ring.filter(({ current }) => !current))
    say(`two keys of ${name} are valid until \`--revoke ${name}\``);
  if (plan.missing.length > 0)
    say(`MISSING:      ${list(plan.missing)}. Give them with --from-env-file or --secrets in the next run.`);
  say(`certificate:  ${relative('.', certificate.path)}, until ${until}`);
  if (out !== undefined) say(`written:      ${out}`);
}
