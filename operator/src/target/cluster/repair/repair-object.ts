import { FIELD_MANAGER } from '../../../crd/names.ts';
import type { KubeApi, KubeObject, ObjectMeta, Resource } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';

export const CONFIG_MAPS: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
export const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' };

const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** A ConfigMap or Secret `<app>-repair`; a Secret's data is in base64, as the API server has it. */
export interface DataObject extends KubeObject {
  metadata: KubeObject['metadata'] & { managedFields?: ManagedFields[] };
  data?: Record<string, string>;
}

interface ManagedFields {
  manager?: string;
  fieldsV1?: Record<string, unknown>;
}

/** What was there before a repair; undefined = nothing. */
export type DataBefore = Record<string, string> | undefined;

export interface RepairObjectAt {
  api: KubeApi;
  resource: Resource;
  namespace: string;
  name: string;
  /** Labels besides the one that says whose it is. */
  labels: Record<string, string>;
  /** Kubernetes takes it away with them: the workload of the app, once the release is uninstalled. */
  ownerReferences?: ObjectMeta['ownerReferences'];
  /** The API server checks and admits what is written, and keeps nothing of it. */
  dryRun?: 'All';
}

/** @returns its data, undefined where there is none. @throws RepairRefused when it is, or was changed by, another hand's. */
export async function readRepairObject(at: RepairObjectAt): Promise<DataObject | undefined> {
  const { api, resource, namespace, name } = at;
  try {
    const object = await api.request<DataObject>({ verb: 'get', resource, namespace, name });
    const owner = strangerOf(object);
    if (owner === undefined) return object;
    throw new RepairRefused(
      `the ${resource.kind} ${name} is not ours: ${owner} wrote it. Nothing of it is overwritten; look at it, and delete it if nobody needs it`,
    );
  } catch (cause) {
    if (cause instanceof KubeError && cause.status === 404) return undefined;
    throw cause;
  }
}

/** Pure: who besides us wrote data of this object; undefined = nobody. */
export function strangerOf({ metadata }: DataObject): string | undefined {
  const writers = (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => fieldsV1 !== undefined && 'f:data' in fieldsV1)
    .map(({ manager }) => manager ?? 'somebody');
  const stranger = writers.find((manager) => manager !== FIELD_MANAGER);
  if (stranger !== undefined) return stranger;
  return metadata.labels?.[MANAGED_BY] === FIELD_MANAGER ? undefined : 'somebody without the label of ours';
}

/**
 * Makes the object hold exactly this data of ours. A field of another hand's is a conflict, not taken over.
 * @param before the object as it was read: another version in its place is a conflict too.
 */
export async function writeRepairObject(
  at: RepairObjectAt,
  data: Record<string, string>,
  before: DataObject | undefined,
): Promise<void> {
  const { api, resource, namespace, name, labels, dryRun, ownerReferences } = at;
  const version = before?.metadata.resourceVersion;
  await api.request({
    verb: 'patch',
    resource,
    namespace,
    name,
    query: { fieldManager: FIELD_MANAGER, force: false, dryRun },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: resource.version,
      kind: resource.kind,
      metadata: {
        name,
        namespace,
        labels: { ...labels, [MANAGED_BY]: FIELD_MANAGER },
        ...(ownerReferences === undefined ? {} : { ownerReferences }),
        ...(version === undefined ? {} : { resourceVersion: version }),
      },
      data,
    },
  });
}

/** @returns true when the object is as it was. Another hand that came meanwhile is left alone. @throws RepairRefused then. */
export async function restoreRepairObject(at: RepairObjectAt, before: DataBefore): Promise<void> {
  const now = await readRepairObject(at);
  if (now === undefined && before === undefined) return;
  if (before !== undefined) return writeRepairObject(at, before, now);
  const { api, resource, namespace, name } = at;
  const { uid, resourceVersion } = now?.metadata ?? {};
  await api.request({
    verb: 'delete',
    resource,
    namespace,
    name,
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
  });
}
