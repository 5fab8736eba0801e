import { canonicalJson } from '@scholar/contract';
import type { KubeApi, KubeObject, Resource } from './api-call.ts';

/** Media type of server-side apply; JSON is YAML too. */
const APPLY = 'application/apply-patch+yaml';

export interface ApplyOptions {
  api: KubeApi;
  /** The one name under which we own fields. */
  fieldManager: string;
}

export interface Applier {
  /**
   * Makes the object hold what is given, and owns exactly that. A field that somebody else owns is taken over: apply
   * only what is ours to say.
   */
  apply: (resource: Resource, object: KubeObject) => Promise<KubeObject>;
  /**
   * The status, in one patch, and in none where it is what is there already.
   * @param target.current the status that was last seen.
   * @returns true when it was written. @throws KubeError, with status 404 when the object is gone.
   */
  applyStatus: (resource: Resource, target: StatusTarget) => Promise<boolean>;
}

export interface StatusTarget {
  metadata: { name: string; namespace?: string | undefined; uid?: string | undefined };
  current: unknown;
  status: object;
}

export function createApplier({ api, fieldManager }: ApplyOptions): Applier {
  const patch = (resource: Resource, object: KubeObject, subresource?: 'status') =>
    api.request<KubeObject>({
      verb: 'patch',
      resource,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      subresource,
      query: { fieldManager, force: true },
      contentType: APPLY,
      body: { ...object, ...named(resource) },
    });
  return {
    apply: (resource, object) => patch(resource, object),
    async applyStatus(resource, { metadata, current, status }) {
      if (isSame(current, status)) return false;
      const { name, namespace, uid } = metadata;
      // The uid makes it a conflict, not a new owner, when the object was deleted and made anew meanwhile.
      const meta = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(uid === undefined ? {} : { uid }),
      };
      await patch(resource, { metadata: meta, status } as KubeObject, 'status');
      return true;
    },
  };
}

function named({ group, version, kind }: Resource): { apiVersion: string; kind: string } {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

function isSame(a: unknown, b: unknown): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b);
}
