import { looked } from '../../../doctor/examined.ts';
import type { AnsweredRight, AnsweredRights } from '../../../doctor/rights.ts';
import type { NeededRight, Right, RightsOf } from '../../../doctor/rights-needed.ts';
import type { KubeApi, Resource } from '../../../kube/api-call.ts';

const REVIEWS: Resource = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
};

/** So many questions at once: an API server gives each user a share only. */
const AT_ONCE = 8;

export interface RightsAsker {
  api: KubeApi;
  namespace: string;
}

/**
 * Asks the API server about each right, on the whole namespace first, and object by object where that is denied and names
 * are enough. One question for each right that is had; never more than rights times names.
 */
export async function askRights(asker: RightsAsker, of: readonly RightsOf[]): Promise<AnsweredRights[]> {
  const found: AnsweredRights[] = [];
  for (const { verbs, lacking, needs } of of) {
    found.push({
      verbs,
      lacking,
      answers: await looked(() => inTurns(needs, (need) => askOne(asker, need))),
    });
  }
  return found;
}

async function askOne(asker: RightsAsker, need: NeededRight): Promise<AnsweredRight> {
  if (await isAllowed(asker, need)) return { ...need, allowed: true, missingOn: [] };
  const names = need.names ?? [];
  const allowed = await inTurns(names, (name) => isAllowed(asker, need, name));
  const missingOn = names.filter((_name, index) => allowed[index] !== true);
  const none = missingOn.length === names.length;
  return { ...need, allowed: names.length > 0 && missingOn.length === 0, missingOn: none ? [] : missingOn };
}

async function isAllowed({ api, namespace }: RightsAsker, right: Right, name?: string): Promise<boolean> {
  const { verb, group, resource, subresource } = right;
  const resourceAttributes = { namespace, verb, group, resource, subresource, name };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: REVIEWS.kind,
    spec: { resourceAttributes },
  };
  const { status } = await api.request<{ status?: { allowed?: boolean } }>({
    verb: 'create',
    resource: REVIEWS,
    body,
  });
  return status?.allowed === true;
}

async function inTurns<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(ask))));
  }
  return answers;
}
