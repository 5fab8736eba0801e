import { commonPayload, eventBody } from './envelope.ts';
import { latencyMs, success } from './fields.ts';

/** A3: a match was computed, or failed, in so many milliseconds. */
export const scholarshipMatchResult = eventBody(
  'ScholarshipMatchResult',
  commonPayload.extend({ latency_ms: latencyMs, success }),
);
