import { judge } from '../audit.ts';
import { DRIFTS } from '../drifts/drifts.ts';
import { toFinding } from '../judged.ts';
import type { Snapshot } from '../snapshot.ts';
import { healthySnapshot } from './healthy-snapshot.ts';

/** One change of a healthy system, and exactly what the audit must name then. */
export interface AuditCase {
  says: string;
  change: (snapshot: Snapshot) => void;
  finds: string[];
  /** What is changed: a system of one machine unless told. */
  of?: () => Snapshot;
}

/** Registers a test for each case: what is found, and that each finding is a sentence with something to do. */
export function testAudit(cases: readonly AuditCase[]): void {
  test.each(cases)('$says', ({ change, finds, of = healthySnapshot }) => {
    const snapshot = of();
    change(snapshot);
    const judged = judge(snapshot);
    expect(judged.map((each) => `${toFinding(each).app} ${each.code}`).sort()).toEqual(finds);
    for (const each of judged) {
      expect(toFinding(each).remedy).not.toBe('nothing to do');
      expect(each.summary.endsWith('.')).toBe(true);
      expect(DRIFTS[each.code].severity).toContain(each.severity);
    }
  });
}
