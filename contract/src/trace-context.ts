/**
 * A place in a trace, as the W3C Trace Context recommendation has it. `sampled`: whoever began the trace wants its spans
 * recorded; it is passed on as it came.
 */
export type TraceContext = {
  /** 32 hexadecimal digits, not all zero. */
  traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  spanId: string;
  sampled: boolean;
};

/** Version, trace id, parent id, flags; what a later version adds begins with a dash. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
/** So long a header of a later version may be and still be looked at. */
const MAX_LENGTH = 512;

/**
 * Reads a `traceparent` header. Of a later version the parts of version 00 are read (section 4.3 of the
 * recommendation). undefined: it says nothing that can be used, and whoever asked begins a trace of his own.
 */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  if (text === undefined || text.length > MAX_LENGTH) return undefined;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The header of version 00 for whoever is asked next; of the flags only `sampled` is known to it. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
