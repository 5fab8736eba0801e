import { repairRecordSchema, type TruthTable, truthTableSchema } from '@scholar/contract';
import type { KeptRepair, OperationsHistory, VerdictMark } from '../evidence/operated.ts';

/** Asks A8's database. */
export type Query = <T>(sql: string, values: unknown[]) => Promise<T[]>;

/** As many as an operator writes in some hours; a page shows two of them. */
const MOST_MARKS = 2_000;

/** A8's tables `repairs` and `verdicts`. A document that is not one of this release is left out. */
export function operationsHistory(query: Query): OperationsHistory {
  return {
    repairs: async ({ hours, most }) => {
      const rows = await query<{ id: string; received_at: Date; document: unknown }>(
        `SELECT id::text, received_at, document FROM repairs
          WHERE received_at > now() - make_interval(hours => $1) ORDER BY repairs.id DESC LIMIT $2`,
        [hours, most],
      );
      return rows.reverse().flatMap(({ id, received_at, document }): KeptRepair[] => {
        const { data: record } = repairRecordSchema.safeParse(document);
        return record === undefined ? [] : [{ id, receivedAt: received_at.toISOString(), record }];
      });
    },
    marks: async (since) => {
      const rows = await query<Omit<VerdictMark, 'receivedAt'> & { received_at: Date }>(
        `SELECT id::text, received_at, ok,
                (SELECT count(*)::int FROM jsonb_array_elements(document->'table') seen
                  WHERE seen->>'verdict' = 'green') AS green
           FROM verdicts WHERE received_at >= $1 ORDER BY verdicts.id LIMIT $2`,
        [since, MOST_MARKS],
      );
      return rows.map(({ id, received_at, ok, green }) => ({
        id,
        receivedAt: received_at.toISOString(),
        ok,
        green,
      }));
    },
    verdict: async (id): Promise<TruthTable | undefined> => {
      const [row] = await query<{ document: unknown }>('SELECT document FROM verdicts WHERE id = $1', [id]);
      return truthTableSchema.safeParse(row?.document).data;
    },
  };
}
