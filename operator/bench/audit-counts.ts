/** What the API server wrote down of one request. */
interface AuditLine {
  stage: string;
  verb: string;
  user: { username: string };
  objectRef?: { resource?: string; subresource?: string };
  stageTimestamp: string;
}

export interface Counted {
  /** By `verb resource`, e.g. `patch truthtables/status`. */
  calls: Record<string, number>;
  lists: number;
  /** Writes, those of the Lease aside: a leader that says nothing is no leader. */
  writes: number;
  leaseWrites: number;
}

const READS = new Set(['get', 'list', 'watch']);

/** Pure: what one user asked of the API server between two times (ms since the epoch), by its own audit log. */
export function countCalls(log: string, of: { user: string; fromMs: number; toMs: number }): Counted {
  const counted: Counted = { calls: {}, lists: 0, writes: 0, leaseWrites: 0 };
  for (const text of log.split('\n')) {
    if (text === '') continue;
    const line: AuditLine = JSON.parse(text);
    const at = Date.parse(line.stageTimestamp);
    if (line.user.username !== of.user || at < of.fromMs || at >= of.toMs) continue;
    // A watch is written down twice: when it begins and when it ends.
    if (line.stage !== (line.verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete')) continue;
    const { resource = '', subresource } = line.objectRef ?? {};
    const what = `${line.verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    counted.calls[what] = (counted.calls[what] ?? 0) + 1;
    if (line.verb === 'list') counted.lists += 1;
    if (READS.has(line.verb)) continue;
    if (resource === 'leases') counted.leaseWrites += 1;
    else counted.writes += 1;
  }
  return counted;
}
