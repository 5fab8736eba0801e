import type { Pool, PoolClient } from 'pg';
import { toColumns } from '../catalogue/row.ts';
import { generateScholarships } from './generate-scholarships.ts';

/** How many sample scholarships an empty catalogue gets. */
export const SAMPLE_COUNT = 400;

/**
 * Fills an empty catalogue with sample scholarships, marked `sample`. Several replicas may call it at once: the table is
 * locked against other writers while it is looked at, and ids are the same everywhere.
 * @returns how many were inserted; 0 when there was any scholarship.
 */
export async function loadSamples(tx: PoolClient | Pool, nowMs: number): Promise<number> {
  await tx.query('LOCK TABLE scholarships IN SHARE ROW EXCLUSIVE MODE');
  const { rowCount } = await tx.query('SELECT 1 FROM scholarships LIMIT 1');
  if (rowCount) return 0;
  const samples = generateScholarships(SAMPLE_COUNT, nowMs);
  for (const sample of samples) {
    const { names, values } = toColumns(sample);
    await tx.query(
      `INSERT INTO scholarships (sample, ${names.join(', ')}) VALUES (true, ${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      values,
    );
  }
  return samples.length;
}
