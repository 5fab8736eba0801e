import { APP_LABELS, HUB_LABEL } from '@scholar/contract';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../target/local/overrides.ts';
import { type Cell, cellPath, type Owner } from './cell.ts';
import type { RingRecord } from './plan.ts';

/** A sealed values file: ciphertext, and what may be known in plain text about it. */
export interface SealedFile {
  /** Strict scope: the controller opens it in this namespace only. */
  namespace: string;
  /** Public keys that something in it was sealed with (`sha256:…`). Charts refuse that of the example in production. */
  certificates: string[];
  ring: RingRecord[];
  cells: { cell: Cell; ciphertext: string }[];
}

const record = z.strictObject({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{12}$/),
  since: z.string(),
  current: z.boolean(),
});
const data = z.record(z.string(), z.record(z.string(), z.string()));
const owned = z.strictObject({
  secrets: z.strictObject({ sealedData: data, sealedRing: z.array(record).optional() }),
});
const owners: readonly Owner[] = [...APP_LABELS, HUB_LABEL];
const document = z.strictObject({
  global: z.strictObject({
    scholar: z.strictObject({
      secrets: z.strictObject({
        sealed: z.literal(true),
        sealedNamespace: z.string(),
        sealedCertificates: z.array(z.string()),
      }),
    }),
  }),
  ...Object.fromEntries(owners.map((owner) => [owner, owned.optional()])),
});

const HEADER = [
  'Written by `scholar seal`; do not edit. Ciphertext for one namespace of one cluster: only its controller can open it,',
  "so this file may be committed. The fingerprints of A8's ring are public; no key can be made from them.",
];

/** Pure. Equal content gives equal text, so that a diff shows what was sealed anew. */
export function formatSealedFile({ namespace, certificates, ring, cells }: SealedFile): string {
  const sealed = { sealed: true, sealedNamespace: namespace, sealedCertificates: certificates };
  const values: Record<string, unknown> = { global: { scholar: { secrets: sealed } } };
  for (const owner of owners) {
    const sealedData = dataOf(cells.filter(({ cell }) => cell.owner === owner));
    if (Object.keys(sealedData).length === 0) continue;
    const sealedRing = ring.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    values[owner] = { secrets: { ...(owner === HUB_LABEL ? { sealedRing } : {}), sealedData } };
  }
  const head = HEADER.map((line) => `# ${line}\n`).join('');
  return `${head}${stringify(values, { lineWidth: 0 })}`;
}

function dataOf(cells: SealedFile['cells']): Record<string, Record<string, string>> {
  const parts: Record<string, Record<string, string>> = {};
  const sorted = cells.toSorted((a, b) => (cellPath(a.cell) < cellPath(b.cell) ? -1 : 1));
  for (const { cell, ciphertext } of sorted) {
    parts[cell.part] ??= {};
    Object.assign(parts[cell.part] ?? {}, { [cell.key]: ciphertext });
  }
  return parts;
}

/** Pure. @throws UsageError when the text is not what `formatSealedFile` writes. */
export function parseSealedFile(text: string, path: string): SealedFile {
  const parsed = document.safeParse(tryParse(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(
      `${path} is no file of \`scholar seal\` (${issue?.path.join('.') || 'content'}: ${issue?.message}). Name another with --out.`,
    );
  }
  const { global, ...rest } = parsed.data;
  const { sealedNamespace, sealedCertificates } = global.scholar.secrets;
  const perOwner = rest as Partial<Record<Owner, z.infer<typeof owned>>>;
  return {
    namespace: sealedNamespace,
    certificates: sealedCertificates,
    ring: perOwner[HUB_LABEL]?.secrets.sealedRing ?? [],
    cells: owners.flatMap((owner) => cellsOf(owner, perOwner[owner]?.secrets.sealedData ?? {})),
  };
}

function tryParse(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function cellsOf(owner: Owner, sealedData: z.infer<typeof data>): SealedFile['cells'] {
  return Object.entries(sealedData).flatMap(([part, entries]) =>
    Object.entries(entries).map(([key, ciphertext]) => ({
      cell: { owner, part: part as Cell['part'], key },
      ciphertext,
    })),
  );
}
