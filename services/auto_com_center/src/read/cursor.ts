/**
 * A position in the order of transactions: after the row `seq` of the transaction `xid`. Both are decimal text,
 * because they are 64 bits wide.
 */
export type Cursor = { xid: string; seq: string };

const CURSOR = /^(\d{1,19})-(\d{1,19})$/;

export function formatCursor({ xid, seq }: Cursor): string {
  return `${xid}-${seq}`;
}

/** The cursor that a text stands for; undefined where it is none. */
export function parseCursor(text: string): Cursor | undefined {
  const [, xid, seq] = CURSOR.exec(text) ?? [];
  if (xid === undefined || seq === undefined) return undefined;
  return BigInt(seq) <= MAX_BIGINT ? { xid, seq } : undefined;
}

const MAX_BIGINT = 2n ** 63n - 1n;
