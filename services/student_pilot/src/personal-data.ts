import type { PersonalData } from '@scholar/runtime/personal-data';

/** A profile, and when somebody asked for matches. */
export const personalData: PersonalData = {
  async find(db, { userId }) {
    const profiles = await db.query(
      `SELECT degree, field, region, citizenship, gpa, income_band, age, updated_at
         FROM student_profiles WHERE user_id = $1`,
      [userId],
    );
    const requests = await db.query(
      'SELECT request_id, outcome, matches, created_at FROM match_requests WHERE user_id = $1 ORDER BY created_at',
      [userId],
    );
    return { student_profiles: profiles.rows, match_requests: requests.rows };
  },
  async erase(tx, { userId }) {
    const profiles = await tx.query('DELETE FROM student_profiles WHERE user_id = $1', [userId]);
    const requests = await tx.query('DELETE FROM match_requests WHERE user_id = $1', [userId]);
    return { student_profiles: profiles.rowCount ?? 0, match_requests: requests.rowCount ?? 0 };
  },
};
