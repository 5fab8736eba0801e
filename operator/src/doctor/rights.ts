import { type Examined, type Looked, unseen } from './examined.ts';
import type { NeededRight, RightsOf } from './rights-needed.ts';

/** What the API server said of a right: had, or on which objects not (none = on no object at all). */
export interface AnsweredRight extends NeededRight {
  allowed: boolean;
  /** Objects that it is missing on, where it is had on others. */
  missingOn: readonly string[];
}

export interface AnsweredRights extends Pick<RightsOf, 'verbs' | 'lacking'> {
  answers: Looked<readonly AnsweredRight[]>;
}

const TODO = 'docs/cluster-target.md has the Role';

/** Pure: a line for each set of verbs, naming every right that it misses. */
export function rightsLines(of: readonly AnsweredRights[]): Examined[] {
  return of.map(rightsLine);
}

function rightsLine({ verbs, lacking, answers }: AnsweredRights): Examined {
  const name = `rights: ${verbs}`;
  if (answers.value === undefined) return unseen(name, answers.reason);
  const missing = answers.value.filter(({ allowed }) => !allowed);
  const needed = missing.filter(({ optional }) => optional === undefined);
  if (needed.length > 0) {
    return { name, state: lacking, detail: `missing: ${needed.map(rightText).join('; ')}`, todo: TODO };
  }
  if (missing.length > 0) {
    const detail = missing.map((right) => `without ${rightText(right)} ${right.optional}`).join('; ');
    return { name, state: 'warn', detail, todo: TODO };
  }
  return { name, state: 'ok', detail: `all ${answers.value.length}` };
}

/** Pure: `patch configmaps scholar-auth-repair`, `create pods/portforward`, `list sealedsecrets.bitnami.com`. */
export function rightText({ verb, group, resource, subresource, missingOn }: AnsweredRight): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  if (missingOn.length === 0) return `${verb} ${what}`;
  const shown = missingOn.slice(0, 3).join(', ');
  const more = missingOn.length > 3 ? ` and ${missingOn.length - 3} more` : '';
  return `${verb} ${what} ${shown}${more}`;
}
