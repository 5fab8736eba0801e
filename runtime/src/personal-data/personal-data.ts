import type pg from 'pg';
import type { Queryable } from '../outbox/store.ts';

/** Whose data is meant, as scholar_auth says it. */
export type Person = {
  userId: string;
  /**
   * Normalised, and only where its owner has proven that it is theirs: whoever merely typed somebody's address must
   * neither read nor remove what that person left.
   */
  email: string | undefined;
};

/** What a service keeps about people in its own tables; its outbox is looked after for it. */
export type PersonalData = {
  /** Everything that is kept about the person, rows by table. Never what belongs to somebody else. */
  find: (db: Queryable, person: Person) => Promise<Record<string, readonly object[]>>;
  /** Ids other than the user's under which events of this person went to A8. Asked for before `erase`. */
  actors?: (db: Queryable, person: Person) => Promise<string[]>;
  /** Removes it, in one transaction; how many rows of which table. Repeating it changes nothing more. */
  erase: (tx: pg.PoolClient, person: Person) => Promise<Record<string, number>>;
};

/** Of a service whose tables know nobody. */
export const NOTHING_KEPT: PersonalData = { find: async () => ({}), erase: async () => ({}) };
