import type { PersonalData } from '@scholar/runtime/personal-data';

/** A scholarship is public and stays; who put it there is what is personal about it. */
export const personalData: PersonalData = {
  async find(db, { userId }) {
    const { rows } = await db.query(
      'SELECT id, title, status, created_at FROM scholarships WHERE owner_provider_id = $1 ORDER BY created_at',
      [userId],
    );
    return { scholarships: rows };
  },
  async erase(tx, { userId }) {
    const { rowCount } = await tx.query(
      'UPDATE scholarships SET owner_provider_id = NULL WHERE owner_provider_id = $1',
      [userId],
    );
    return { scholarships: rowCount ?? 0 };
  },
};
