import type { Asked } from './kube-error.ts';

/** A kind of object as the API server addresses it; the group of the core API is empty. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  kind: string;
}

/** An object, or all of a kind where there is no name; of every namespace where there is none. */
export interface ApiCall {
  verb: Asked['verb'];
  resource: Resource;
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: 'status' | undefined;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  /** Of the body; `application/json` by default. */
  contentType?: string;
  /** Ends the request; a stream lives no longer than it. */
  signal?: AbortSignal;
}

/** How we talk to the API server. Both throw KubeError; its `status` is the answer's, undefined = no answer. */
export interface KubeApi {
  request: <T>(call: ApiCall) => Promise<T>;
  /** The lines of an answer without an end, each complete. */
  stream: (call: ApiCall) => Promise<AsyncIterable<string>>;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    apiVersion?: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
    blockOwnerDeletion?: boolean;
  }[];
  deletionTimestamp?: string;
}

/** What every object has. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** `namespace/name`, or the name alone of what belongs to the cluster. */
export function keyOf({ namespace, name }: Pick<ObjectMeta, 'namespace' | 'name'>): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** Pure: path and query of a call. */
export function pathOf({ resource, namespace, name, subresource, query }: ApiCall): string {
  const { group, version, plural } = resource;
  const parts = [
    group === '' ? `/api/${version}` : `/apis/${group}/${version}`,
    ...(namespace === undefined ? [] : ['namespaces', encodeURIComponent(namespace)]),
    plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const asked = Object.entries(query ?? {}).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return `${parts.join('/')}${asked.length === 0 ? '' : `?${new URLSearchParams(asked)}`}`;
}
