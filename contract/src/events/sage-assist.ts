import { commonPayload, eventBody } from './envelope.ts';
import { latencyMs, success } from './fields.ts';

/** A4: a question was answered, or not, in so many milliseconds. Neither question nor answer travels. */
export const sageAssist = eventBody('SageAssist', commonPayload.extend({ latency_ms: latencyMs, success }));
