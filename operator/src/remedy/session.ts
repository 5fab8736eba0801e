import type { Remedy } from '../audit/remedy.ts';

/** One app of a target while it is being repaired; nobody else repairs it meanwhile. */
export interface RepairSession {
  /** Has whoever keeps the objects check every change, and makes none. Absent where nobody can. @throws Error when one is refused. */
  dryRun?: (remedies: readonly Remedy[]) => Promise<void>;
  /**
   * Applies remedies of this app and waits until the app runs with them.
   * @returns what was changed, in words without secrets. @throws Error when one could not be applied; what was changed
   * until then is for `undo`.
   */
  apply: (remedies: readonly Remedy[]) => Promise<string[]>;
  /** Puts back exactly what was there before the first `apply`. @returns what it put back; none = nothing had been written. */
  undo: () => Promise<string[]>;
}
