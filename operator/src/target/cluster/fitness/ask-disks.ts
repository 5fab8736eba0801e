import { APP_LABELS } from '@scholar/contract';
import { z } from 'zod';
import type { Claim, OutboxUse } from '../../../doctor/disks.ts';
import type { Ask } from '../../../gather/http-client.ts';
import { askOutboxUse } from '../../../gather/outbox-use.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import type { Installed } from '../installed.ts';
import { objectName, POD_PORT } from '../names.ts';
import type { Reach } from '../reach.ts';

/** What each forwarder says of its folder, through its pod. */
export function askOutboxes(reach: Reach, ask: Ask): Promise<OutboxUse[]> {
  return Promise.all(
    APP_LABELS.map(async (label): Promise<OutboxUse> => {
      const forward = await reach.pod(objectName(label), POD_PORT.forwarderOps).catch(() => undefined);
      if (forward === undefined) return { label, use: undefined };
      return { label, use: await askOutboxUse(ask, `http://127.0.0.1:${forward.port}`) };
    }),
  );
}

const claimsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({ phase: z.string() }).default({ phase: 'Pending' }),
    }),
  ),
});

const LIMIT = 500;

/** The claims of the namespace. @throws KubeError */
export async function askClaims(
  api: KubeApi,
  { namespace, pods }: Pick<Installed, 'namespace' | 'pods'>,
): Promise<Claim[]> {
  const resource = {
    group: '',
    version: 'v1',
    plural: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
  };
  const answer = await api.request<unknown>({ verb: 'list', resource, namespace, query: { limit: LIMIT } });
  const used = new Set(
    pods.flatMap(({ spec }) =>
      (spec?.volumes ?? []).flatMap((each) => each.persistentVolumeClaim?.claimName ?? []),
    ),
  );
  return claimsSchema
    .parse(answer)
    .items.map(({ metadata: { name }, status }) => ({ name, phase: status.phase, used: used.has(name) }));
}
