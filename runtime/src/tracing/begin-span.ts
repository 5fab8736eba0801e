import { randomFillSync } from 'node:crypto';
import type { TraceContext } from '@scholar/contract';

/** Random bytes are asked for in pages: one question for each span would cost more than everything else about it. */
const PAGE_BYTES = 4_096;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

const page = Buffer.allocUnsafe(PAGE_BYTES);
let used = PAGE_BYTES;

/**
 * The next place of a trace: a span id of its own below `parent`, whose trace and sampled flag it keeps. Without a parent it
 * begins a trace, sampled.
 */
export function beginSpan(parent: TraceContext | undefined): TraceContext {
  const spanId = randomId(SPAN_ID_BYTES);
  if (parent === undefined) return { traceId: randomId(TRACE_ID_BYTES), spanId, sampled: true };
  return { traceId: parent.traceId, spanId, sampled: parent.sampled };
}

/** Lower-case hexadecimal digits, not all zero, which both ids forbid. */
function randomId(bytes: number): string {
  for (;;) {
    if (used + bytes > PAGE_BYTES) {
      randomFillSync(page);
      used = 0;
    }
    used += bytes;
    const id = page.toString('hex', used - bytes, used);
    if (!/^0+$/.test(id)) return id;
  }
}
