import type { TruthTable } from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import type { LastGuards } from '../crd/last-guards.ts';
import type { TruthTableStatus } from '../crd/status.ts';

export type RepairDone = NonNullable<TruthTableStatus['repairs']>[number];

/** A verification, and when its last row had been read back (Unix ms). */
export interface Proof {
  table: TruthTable;
  endedMs: number;
}

/** What may be done about the findings of a look. */
export type Intent =
  | { kind: 'nothing' }
  /** A finding has to be seen once more before anything is changed. */
  | { kind: 'confirm' }
  /** The next pass repairs this app. */
  | { kind: 'repair'; label: ServedLabel }
  /** Something should be repaired and may not be now. */
  | { kind: 'refused'; why: string; exhausted: boolean };

/** What one pass saw and did. */
export type Seen =
  /** Nothing yet: the status says first that the first verification of this generation begins. */
  | { kind: 'announced' }
  | { kind: 'unusable'; why: string }
  /** Nobody could look this time. */
  | { kind: 'blind'; why: string }
  | {
      kind: 'looked';
      findings: readonly Judged[];
      /** undefined = no canary was due. */
      proof: Proof | undefined;
      repairs: readonly RepairDone[];
      intent: Intent;
      /** What A8 must refuse; undefined = not tried. */
      guards?: LastGuards | undefined;
    };
