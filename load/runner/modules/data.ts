/** The module `k6/data`. */
import { initOnly } from '../context.ts';

/** An array that is made once and that all VUs read; nobody can change it. @throws Error when it is made of no array */
export const SharedArray = function SharedArray(name: string, make: () => unknown[]): readonly unknown[] {
  const { shared } = initOnly(`new SharedArray('${name}')`);
  const known = shared.get(name);
  if (known !== undefined) return known;
  const made = make();
  if (!Array.isArray(made)) throw new TypeError(`the function of SharedArray '${name}' must return an array`);
  // Through JSON, as in k6: what JSON cannot hold must not work here either.
  const array: unknown[] = JSON.parse(JSON.stringify(made));
  freezeDeep(array);
  shared.set(name, array);
  return array;
} as unknown as new (
  name: string,
  make: () => unknown[],
) => readonly unknown[];

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
}
