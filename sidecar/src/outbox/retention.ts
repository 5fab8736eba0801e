/** Which segments may go. Pure. */
export interface RetentionInput {
  /** Oldest first. */
  segments: readonly { id: number; bytes: number; sealed: boolean; settledAt: number | undefined }[];
  now: number;
  retainMs: number;
  retainBytes: number;
  /** Bytes that must be found, however young; 0 when there is room. */
  needBytes: number;
}

/**
 * Whole files only, and only those in which nothing is owed. Oldest first: what is past its time, then what exceeds the
 * byte cap, then whatever else makes room before an event would be refused.
 */
export function segmentsToDrop(input: RetentionInput): number[] {
  const settled = input.segments.filter((segment) => segment.sealed && segment.settledAt !== undefined);
  let retained = settled.reduce((sum, segment) => sum + segment.bytes, 0);
  let freed = 0;
  const dropped: number[] = [];
  for (const segment of settled) {
    const expired = input.now - (segment.settledAt ?? input.now) >= input.retainMs;
    if (!expired && retained <= input.retainBytes && freed >= input.needBytes) continue;
    dropped.push(segment.id);
    retained -= segment.bytes;
    freed += segment.bytes;
  }
  return dropped;
}
