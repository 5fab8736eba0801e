import type { KubeApi, KubeObject, Resource } from './api-call.ts';
import { KubeError } from './kube-error.ts';

export const LEASES: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
};

export interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  /** RFC 3339 with microseconds. */
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

export type Lease = KubeObject & { spec: LeaseSpec };

/** One Lease of a namespace; writes fail with a KubeError of status 409 when somebody else was faster. */
export interface LeaseRecord {
  read: (signal: AbortSignal) => Promise<Lease | undefined>;
  /** Creates it where there is none in `before`, else replaces exactly that version. */
  write: (before: Lease | undefined, spec: LeaseSpec, signal: AbortSignal) => Promise<Lease>;
}

/** @param at.labels of a Lease that is made; one that is there keeps its own. */
export function leaseRecord(
  api: KubeApi,
  at: { namespace: string; name: string; labels?: Record<string, string> },
): LeaseRecord {
  const { namespace, name, labels } = at;
  const call = { resource: LEASES, namespace };
  return {
    async read(signal) {
      try {
        return await api.request<Lease>({ ...call, verb: 'get', name, signal });
      } catch (cause) {
        if (cause instanceof KubeError && cause.status === 404) return undefined;
        throw cause;
      }
    },
    write(before, spec, signal) {
      const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec };
      const metadata = before?.metadata ?? { name, namespace, ...(labels === undefined ? {} : { labels }) };
      return before === undefined
        ? api.request({ ...call, verb: 'create', body: { ...body, metadata }, signal })
        : api.request({ ...call, verb: 'update', name, body: { ...body, metadata }, signal });
    },
  };
}

/** A Lease's kind of time. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
