import { applyPatch as applyOperations, type Operation } from 'rfc6902';

/** What an operation of a patch may not be, or cannot be applied to. The message says which and why, never a value. */
export class PatchError extends Error {}

/** Keys that the library passes over without a word. */
const PASSED_OVER = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Applies a JSON Patch (RFC 6902) and answers the new document; the one given stays as it is.
 * @throws PatchError when the patch is none, when a path is not there, or when a `test` fails: then nothing was changed
 */
export function applyPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new PatchError('a JSON Patch is an array of operations (RFC 6902)');
  // Wrapped, so that the whole document has a place, too: its path is the empty one.
  const root = { document: JSON.parse(JSON.stringify(document)) };
  for (const [i, operation] of patch.entries()) {
    const why = apply(root, operation);
    if (why !== undefined) throw new PatchError(`operation ${i} of the patch: ${why}`);
  }
  return root.document;
}

/** @returns why it could not be done. Texts of the library hold values, so none of them is passed on. */
function apply(root: object, operation: unknown): string | undefined {
  const { op, path, from } = Object(operation);
  for (const pointer of from === undefined ? [path] : [path, from]) {
    if (typeof pointer !== 'string') return 'it has no path';
    if (pointer !== '' && !pointer.startsWith('/')) return `${pointer} is no JSON pointer`;
    const odd = pointer.split('/').find((step) => PASSED_OVER.has(step));
    if (odd !== undefined) return `a key ${odd} is not patched`;
  }
  const inDocument = (pointer: string): string => `/document${pointer}`;
  const placed = { ...Object(operation), path: inDocument(path) };
  if (from !== undefined) placed.from = inDocument(from);
  try {
    const [error] = applyOperations(root, [placed as Operation]);
    return error ? complaint(error.name, { op, path, from }) : undefined;
  } catch {
    return `${path} would lie in what is no object and no array`;
  }
}

function complaint(name: string, { op, path, from }: Record<string, unknown>): string {
  if (name === 'TestError') return `${path} is not what the test says`;
  if (name === 'MissingError') return `there is no ${from ?? path}`;
  return `${op} is none of add, remove, replace, move, copy, test, or lacks a value`;
}
