import { GROUP, KIND, PLURAL, VERSION } from '../crd/names.ts';
import type { TruthTableSpec } from '../crd/spec.ts';
import type { TruthTableStatus } from '../crd/status.ts';
import type { KubeObject, ObjectMeta, Resource } from '../kube/api-call.ts';

export const TRUTH_TABLES: Resource = { group: GROUP, version: VERSION, plural: PLURAL, kind: KIND };

/** A TruthTable as it was last seen. */
export interface KnownTable {
  metadata: KeptMeta;
  spec: TruthTableSpec;
  status: TruthTableStatus | undefined;
}

type KeptMeta = Pick<ObjectMeta, 'name' | 'namespace' | 'uid' | 'generation' | 'deletionTimestamp'>;

/**
 * What is kept of it in memory. Spec and status stay text: as objects they take several times as much, and between two
 * passes nobody looks at them. Managed fields, annotations and labels are not kept.
 */
export interface KeptTable {
  metadata: KeptMeta;
  text: string;
}

export function keptTable(object: KubeObject): KeptTable {
  const { name, namespace, uid, generation, deletionTimestamp } = object.metadata;
  const { spec, status } = object as KubeObject & Pick<KnownTable, 'spec' | 'status'>;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    text: JSON.stringify({ spec, status }),
  };
}

export function knownTable({ metadata, text }: KeptTable): KnownTable {
  return { metadata, ...JSON.parse(text) };
}

/** Pure: whether a change calls for a pass. Our own status does not: it leaves the generation as it is. */
export function isNews(now: KeptTable | undefined, before: KeptTable | undefined): boolean {
  if (now === undefined || before === undefined) return true;
  return (
    now.metadata.uid !== before.metadata.uid ||
    now.metadata.generation !== before.metadata.generation ||
    now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp
  );
}
