import { randomBytes } from 'node:crypto';
import { UsageError } from '../target/local/overrides.ts';
import { type Cell, cellPath, secretName } from './cell.ts';
import type { SealingCertificate } from './certificate.ts';
import { STAGING_RING } from './grants.ts';
import type { SealSecret } from './kubeseal.ts';
import { planSeal, ringCell, type SealPlan, type SealRequest } from './plan.ts';
import type { SealedFile } from './values-file.ts';

export interface SealDeps {
  certificate: SealingCertificate;
  sealSecret: SealSecret;
  /** Fingerprint of the example certificate, which nothing real may be mixed with. */
  exampleCertificate: string;
}

export type SealOptions = Pick<SealRequest, 'given' | 'rotate' | 'revoke' | 'stagingKey' | 'now'> & {
  namespace: string;
  /** The file of before; undefined = everything is made. */
  before: SealedFile | undefined;
};

/** 256 random bits, as the contract's section on keys asks for. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Makes the next sealed file of a namespace. What stays keeps its ciphertext, letter for letter.
 * @throws UsageError when the file of before belongs elsewhere, or a step is out of turn.
 */
export async function seal(
  options: SealOptions,
  deps: SealDeps,
): Promise<{ file: SealedFile; plan: SealPlan }> {
  const { namespace, certificate } = { ...options, ...deps };
  const before = withoutStagingKey(options.before, options.stagingKey);
  if (before !== undefined) assertSamePlace(before, namespace, deps);
  const plan = planSeal({
    ...options,
    before: {
      cells: new Set((before?.cells ?? []).map(({ cell }) => cellPath(cell))),
      ring: before?.ring ?? [],
    },
    random: newSecret,
  });
  const sealed = await sealCells(plan.seal, namespace, deps.sealSecret);
  const replaced = new Set([...plan.drop, ...sealed.map(({ cell }) => cellPath(cell))]);
  const kept = (before?.cells ?? []).filter(({ cell }) => !replaced.has(cellPath(cell)));
  const used = sealed.length === 0 ? [] : [certificate.fingerprint];
  return {
    file: {
      namespace,
      certificates: [...new Set([...(before?.certificates ?? []), ...used])],
      ring: plan.ring,
      cells: [...kept, ...sealed],
    },
    plan,
  };
}

/** Ciphertext cannot tell what it was sealed with or for, so it is said in plain beside it, and held here. */
function assertSamePlace(before: SealedFile, namespace: string, deps: SealDeps): void {
  if (before.namespace !== namespace)
    throw new UsageError(
      `The file was sealed for namespace ${before.namespace}, and in ${namespace} nothing of it could be opened. Name another file with --out.`,
    );
  const isExample = (fingerprint: string) => fingerprint === deps.exampleCertificate;
  if (before.certificates.some((each) => isExample(each) !== isExample(deps.certificate.fingerprint)))
    throw new UsageError(
      'The example certificate and a real one do not go into one file: what the example sealed nobody can open. Name another file with --out.',
    );
}

/** A file that was begun for staging loses the key for all labels when it goes on for production. */
function withoutStagingKey(before: SealedFile | undefined, wanted: boolean): SealedFile | undefined {
  if (before === undefined || wanted) return before;
  const gone = before.ring.filter(({ name }) => name === STAGING_RING);
  const paths = new Set([
    'auto_com_center/operator/A8_STAGING_KEY',
    ...gone.map(({ id }) => cellPath(ringCell(id))),
  ]);
  return {
    ...before,
    ring: before.ring.filter((record) => !gone.includes(record)),
    cells: before.cells.filter(({ cell }) => !paths.has(cellPath(cell))),
  };
}

async function sealCells(
  wanted: readonly { cell: Cell; value: string }[],
  namespace: string,
  sealSecret: SealSecret,
): Promise<SealedFile['cells']> {
  const secrets = Map.groupBy(wanted, ({ cell }) => secretName(cell));
  const sealed: SealedFile['cells'] = [];
  for (const [name, entries] of secrets) {
    const values = Object.fromEntries(entries.map(({ cell, value }) => [cell.key, value]));
    const ciphertext = await sealSecret({ namespace, name, values });
    for (const { cell } of entries) sealed.push({ cell, ciphertext: ciphertext[cell.key] ?? '' });
  }
  return sealed;
}
