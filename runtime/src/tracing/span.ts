import type { TraceContext } from '@scholar/contract';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Names of the semantic conventions of OpenTelemetry. Never a value that a person typed, a path with ids in it, or an address of a person. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Something that was done, and is over. */
export type Span = {
  /** Of few different values: a route template, never a path. */
  name: string;
  kind: SpanKind;
  context: TraceContext;
  parent: TraceContext | undefined;
  /** Milliseconds since the epoch, fractions allowed. */
  startMs: number;
  durationMs: number;
  attributes: SpanAttributes;
  /** What went wrong, of few different values (`error.type`); left out where nothing did. */
  error?: string | undefined;
};

/** Where spans go. What asks for time or memory to make a span is only done while `recording`. */
export interface Tracer {
  readonly recording: boolean;
  /** Takes a span and returns at once; one that is not sampled is forgotten. Never throws. */
  record(span: Span): void;
}

/** Of a process that exports nothing. Contexts are passed on all the same. */
export const silentTracer: Tracer = { recording: false, record: () => {} };
