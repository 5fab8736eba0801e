import { FIELD_MANAGER } from '../../../crd/names.ts';
import type { KubeApi, Resource } from '../../../kube/api-call.ts';
import type { Workload } from '../installed.ts';

/** The one field of a workload that a repair writes. A new value is a rollout; Helm does not know it and leaves it alone. */
export const REPAIR_ANNOTATION = 'scholar.dev/repair';

const RESOURCE: Record<Workload['kind'], Resource> = {
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet' },
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' },
};

export interface RestartOf {
  api: KubeApi;
  namespace: string;
  workload: Pick<Workload, 'kind' | 'name'>;
}

/** @param value undefined takes the annotation away. A value that another hand wrote is a conflict (KubeError, status 409). */
export async function annotateTemplate(
  { api, namespace, workload }: RestartOf,
  value: string | undefined,
  dryRun?: 'All',
): Promise<void> {
  const { name, kind } = workload;
  const template = { metadata: { annotations: { [REPAIR_ANNOTATION]: value } } };
  await api.request({
    verb: 'patch',
    resource: RESOURCE[kind],
    namespace,
    name,
    query: { fieldManager: FIELD_MANAGER, force: false, dryRun },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name, namespace },
      ...(value === undefined ? {} : { spec: { template } }),
    },
  });
}
