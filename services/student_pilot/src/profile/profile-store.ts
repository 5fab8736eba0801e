import type { Pool } from 'pg';
import { PROFILE_KEYS, type Profile } from './profile.ts';

/** The profile of a student; an empty one where nothing was said yet. */
export async function loadProfile(pool: Pool, userId: string): Promise<Profile> {
  const { rows } = await pool.query<Record<string, unknown>>(
    'SELECT degree, field, region, citizenship, gpa, income_band, age FROM student_profiles WHERE user_id = $1',
    [userId],
  );
  const row = rows[0] ?? {};
  const said = PROFILE_KEYS.filter((key) => row[key] !== null && row[key] !== undefined);
  return Object.fromEntries(said.map((key) => [key, row[key]])) as Profile;
}

/** Replaces the whole profile: what is left out is forgotten. */
export async function saveProfile(pool: Pool, userId: string, profile: Profile): Promise<void> {
  const { degree, field, region, citizenship, gpa, income_band, age } = profile;
  await pool.query(
    `INSERT INTO student_profiles (user_id, degree, field, region, citizenship, gpa, income_band, age)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (user_id) DO UPDATE SET degree = excluded.degree, field = excluded.field, region = excluded.region,
       citizenship = excluded.citizenship, gpa = excluded.gpa, income_band = excluded.income_band, age = excluded.age,
       updated_at = now()`,
    [userId, degree, field, region, citizenship, gpa, income_band, age],
  );
}
