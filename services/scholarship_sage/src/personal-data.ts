import type { PersonalData } from '@scholar/runtime/personal-data';
import { rowOf } from './budget/spending-store.ts';

/** How much of the budget of the model somebody used in the last days. Questions and answers are kept nowhere. */
export const personalData: PersonalData = {
  async find(db, { userId }) {
    const { rows } = await db.query(
      'SELECT day::text, tokens::float8, units::float8 FROM model_spending WHERE spender = $1 ORDER BY day',
      [rowOf(userId)],
    );
    return { model_spending: rows };
  },
  async erase(tx, { userId }) {
    const { rowCount } = await tx.query('DELETE FROM model_spending WHERE spender = $1', [rowOf(userId)]);
    return { model_spending: rowCount ?? 0 };
  },
};
