import type { Citation } from './compose.ts';

/** What is told of an answer while it is made, in this order: sources, then texts; replaced, then texts. */
export type Part =
  | { kind: 'sources'; citations: readonly Citation[] }
  | { kind: 'text'; text: string }
  /** The texts so far are no answer; these are the sources of what comes now. */
  | { kind: 'replaced'; citations: readonly Citation[] };

/** Resolves when whoever is told can take more, or is gone. */
export type Tell = (part: Part) => Promise<void>;

/** Who asked has gone: there is nobody to answer. */
export class AskerLeft extends Error {}
