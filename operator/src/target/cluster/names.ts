import { HUB_LABEL } from '@scholar/contract';
import type { ServedLabel } from '../../audit/remedy.ts';

/** Objects are named by what they are, not by release (architecture, section 9). */
export function objectName(label: ServedLabel): string {
  return label.replaceAll('_', '-');
}

export const HUB = objectName(HUB_LABEL);

export const FORWARDER = 'forwarder';

/** The recommended label of Kubernetes that every pod of an object carries. */
export const NAME_LABEL = 'app.kubernetes.io/name';

/** Ports inside a pod (architecture, section 5). */
export const POD_PORT = { public: 8080, ops: 9464, intake: 4200, forwarderOps: 9465 } as const;

/** The Deployment of the operator. */
export const OPERATOR = 'scholar-operator';

/** The Secret with the operator's own keys; those of a process are named by its pod template. */
export const OPERATOR_SECRET = 'scholar-operator';
