import type { PersonalData } from '@scholar/runtime/personal-data';

/**
 * The leads that were left with an address, however the account with it came about. An account whose address is not
 * proven gets none: anybody may have signed up with it, and anybody may have typed it here.
 */
export const personalData: PersonalData = {
  async find(db, { email }) {
    if (email === undefined) return {};
    const { rows } = await db.query(
      `SELECT l.lead_id, l.email, l.name, l.scholarship_id, l.page, l.created_at, u.state AS account
         FROM leads l LEFT JOIN user_links u USING (lead_id) WHERE l.email = $1 ORDER BY l.created_at`,
      [email],
    );
    return { leads: rows };
  },
  async erase(tx, { email }) {
    if (email === undefined) return {};
    const { rowCount } = await tx.query('DELETE FROM leads WHERE email = $1', [email]);
    return { leads: rowCount ?? 0 };
  },
};
