import { HUB_LABEL, isAppLabel } from '@scholar/contract';
import { z } from 'zod';
import type { ServedLabel } from '../../audit/remedy.ts';
import type { SealedSecretView } from '../../audit/snapshot.ts';

/** The part of bitnami.com/v1alpha1 that tells whether a SealedSecret has become its Secret. */
const sealedSchema = z.object({
  metadata: z.object({
    name: z.string(),
    generation: z.number().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
        .optional(),
    })
    .optional(),
});

/** Pure: SealedSecrets as the API server lists them; what is none is left out. Ciphertext is not looked at. */
export function sealedSecretViews(items: readonly unknown[]): SealedSecretView[] {
  return items.flatMap((item) => {
    const parsed = sealedSchema.safeParse(item);
    if (!parsed.success) return [];
    const { metadata, status } = parsed.data;
    const synced = status?.conditions?.find(({ type }) => type === 'Synced');
    const observed = status?.observedGeneration ?? metadata.generation;
    return [
      {
        name: metadata.name,
        label: ownerOf(metadata.labels?.['scholar.dev/app-label']),
        synced: synced === undefined || synced.status === 'Unknown' ? undefined : synced.status === 'True',
        message: synced?.message ?? '',
        current: observed === metadata.generation,
      },
    ];
  });
}

/** What belongs to none of the seven is A8's: its ring, the operator's keys. */
function ownerOf(label: string | undefined): ServedLabel {
  return label !== undefined && isAppLabel(label) ? label : HUB_LABEL;
}
