import { type AppLabel, HUB_LABEL } from '@scholar/contract';
import { objectName } from '../target/cluster/names.ts';

/** Whose Secret it is; the key of the umbrella chart's values, too. */
export type Owner = AppLabel | typeof HUB_LABEL;

/** One entry of one Secret: `secrets.sealedData.<part>.<key>` in the values of its owner. */
export interface Cell {
  owner: Owner;
  part: 'a8' | 'app' | 'stripe' | 'clients' | 'keys' | 'operator';
  key: string;
}

/** @returns a text that is equal for equal cells. */
export function cellPath({ owner, part, key }: Cell): string {
  return `${owner}/${part}/${key}`;
}

/** Name of the Secret of a cell, as charts/service and charts/hub name it when no other name is given. */
export function secretName({ owner, part }: Pick<Cell, 'owner' | 'part'>): string {
  if (owner === HUB_LABEL && part === 'operator') return 'scholar-operator';
  return `${objectName(owner)}-${part}`;
}
