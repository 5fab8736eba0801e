import { createLoop, type Loop } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { parse } from 'yaml';
import { z } from 'zod';
import { NotLeading } from '../controller/guarded-api.ts';
import { TRUTH_TABLES } from '../controller/truth-tables.ts';
import { objectName } from '../crd/fields.ts';
import { specSchema } from '../crd/spec.ts';
import type { Applier } from '../kube/server-side-apply.ts';

const fileSchema = z.strictObject({
  metadata: z.strictObject({ name: objectName, labels: z.record(z.string(), z.string()).default({}) }),
  spec: specSchema,
});

/** So often the file is read again: a kubelet renews a mounted ConfigMap about once a minute. */
const READ_MS = 10_000;

export interface TableFileDeps {
  read: () => Promise<string>;
  /** Refuses where this process does not lead. */
  applier: Pick<Applier, 'apply'>;
  /** Whether the TruthTable is there, as far as the watch has seen. */
  isThere: (key: string) => boolean;
  namespace: string;
  clock: Clock;
  log: Logger;
}

/**
 * Keeps the TruthTable of a file in place: applied when its text changes and when the object is gone, never deleted.
 * Why the operator and not Helm: docs/decisions/0010-table-from-a-file.md.
 */
export function keepTableOfFile(deps: TableFileDeps): Loop {
  let applied: string | undefined;
  let told: string | undefined;
  return createLoop({
    clock: deps.clock,
    pass: async () => {
      try {
        applied = await applyOnce(deps, applied);
        told = undefined;
      } catch (err) {
        const message = err instanceof Error ? err.message : String(err);
        // The same again says nothing new, and a follower has nothing to say.
        if (!(err instanceof NotLeading) && message !== told) {
          told = message;
          deps.log.warn({ err }, 'the TruthTable of the file was not applied and is tried again');
        }
      }
      return READ_MS;
    },
  });
}

async function applyOnce(deps: TableFileDeps, applied: string | undefined): Promise<string> {
  const { applier, namespace, isThere } = deps;
  const text = await deps.read();
  const { name, labels, spec } = tableOf(text);
  if (text === applied && isThere(`${namespace}/${name}`)) return text;
  const object = { metadata: { name, namespace, labels }, spec };
  await applier.apply(TRUTH_TABLES, object);
  deps.log.info({ name, namespace }, 'the TruthTable of the file is in place');
  return text;
}

/**
 * Pure: the table of a file as it is written there; defaults are the API server's.
 * @throws ZodError that names what is wrong.
 */
export function tableOf(text: string): { name: string; labels: Record<string, string>; spec: unknown } {
  const document: unknown = parse(text);
  const { metadata } = fileSchema.parse(document);
  return { ...metadata, spec: (document as { spec: unknown }).spec };
}
