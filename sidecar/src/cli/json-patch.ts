import { canonicalJson } from '@scholar/contract';

/** What an operation of a patch may not be, or cannot be applied to. The message says which and why, never a value. */
export class PatchError extends Error {}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Operation = { op: string; path: string; from?: string; value?: Json };
type Place = { parent: Json; key: string };

/**
 * Applies a JSON Patch (RFC 6902) and answers the new document; the one given stays as it is.
 * @throws PatchError when the patch is none, when a path is not there, or when a `test` fails: then nothing was changed
 */
export function applyPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new PatchError('a JSON Patch is an array of operations (RFC 6902)');
  // Wrapped, so that the whole document has a place, too: its path is the empty one.
  const root: Json = { '': structuredClone(document) as Json };
  patch.forEach((operation, i) => {
    try {
      apply(root, operation as Operation);
    } catch (error) {
      throw new PatchError(`operation ${i} of the patch: ${(error as Error).message}`);
    }
  });
  return root[''];
}

function apply(root: Json, { op, path, from, value }: Operation): void {
  if (typeof path !== 'string') throw new PatchError('it has no path');
  const needed = (): Json => {
    if (value === undefined) throw new PatchError(`${op} needs a value`);
    return structuredClone(value);
  };
  const place = placeOf(root, path);
  switch (op) {
    case 'add':
      put(place, needed());
      return;
    case 'remove':
      take(place);
      return;
    case 'replace':
      read(place);
      set(place, needed());
      return;
    case 'move': {
      if (path.startsWith(`${from}/`)) throw new PatchError('nothing moves into itself');
      const moved = take(placeOf(root, from ?? ''));
      put(placeOf(root, path), moved);
      return;
    }
    case 'copy':
      put(place, structuredClone(read(placeOf(root, from ?? ''))));
      return;
    case 'test':
      if (canonicalJson(read(place)) !== canonicalJson(needed()))
        throw new PatchError(`${path} is not what the test says`);
      return;
    default:
      throw new PatchError('op is none of add, remove, replace, move, copy, test');
  }
}

/** The parent that a pointer (RFC 6901) leads to, and the last step. */
function placeOf(root: Json, pointer: string): Place {
  if (pointer !== '' && !pointer.startsWith('/')) throw new PatchError(`${pointer} is no JSON pointer`);
  const steps = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let parent = root;
  for (const key of steps.slice(0, -1)) parent = read({ parent, key });
  return { parent, key: steps.at(-1) ?? '' };
}

function read({ parent, key }: Place): Json {
  const found = Array.isArray(parent)
    ? parent[indexOf(parent, key)]
    : isObject(parent) && Object.hasOwn(parent, key)
      ? parent[key]
      : undefined;
  if (found === undefined) throw new PatchError(`there is no ${key === '' ? 'such place' : key}`);
  return found;
}

function put({ parent, key }: Place, value: Json): void {
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : indexOf(parent, key, 1), 0, value);
  else set({ parent, key }, value);
}

function set({ parent, key }: Place, value: Json): void {
  if (Array.isArray(parent)) parent[indexOf(parent, key)] = value;
  else if (isObject(parent)) Object.defineProperty(parent, key, { value, ...PLAIN });
  else throw new PatchError(`${key} would lie in what is no object and no array`);
}

/** A key such as __proto__ is a key like any other. */
const PLAIN = { writable: true, enumerable: true, configurable: true };

function take(place: Place): Json {
  const taken = read(place);
  const { parent, key } = place;
  if (Array.isArray(parent)) parent.splice(indexOf(parent, key), 1);
  else if (isObject(parent)) delete parent[key];
  return taken;
}

function indexOf(array: readonly Json[], key: string, beyond = 0): number {
  const index = /^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : Number.NaN;
  if (!(index < array.length + beyond)) throw new PatchError(`there is no element ${key}`);
  return index;
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
