import { commonPayload, eventBody } from './envelope.ts';

/** A5: a student asked for matching scholarships. */
export const scholarshipMatchRequested = eventBody('ScholarshipMatchRequested', commonPayload);
