import type { Problem } from './catalogue.ts';

/**
 * What A8 and the services answer to requests that never get as far as an event, beside the codes of the catalogue. They
 * decide about no event.
 */
export const MORE_PROBLEMS = {
  bad_request: {
    status: 400,
    title: 'The request cannot be understood',
    advice: 'Check the address and the headers; percent-encode what is no plain character.',
    meaning:
      'The server could not read the request as HTTP says: a path that is not encoded properly, or a header that contradicts another.',
  },
  cross_site_request: {
    status: 403,
    title: 'A form of another site was sent here',
    advice: 'Open the page of this service itself and send its form from there.',
    meaning:
      'A browser said that the form came from another origin (`sec-fetch-site`, `origin`). It was not acted upon, whatever session came with it.',
  },
  malformed_request: {
    status: 400,
    title: 'This is no HTTP request',
    advice: 'Build it with an HTTP library, not by joining text.',
    meaning: 'What came over the connection breaks the grammar of HTTP. The connection is closed.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    advice: 'Send its headers within 5 s and its body within 15 s.',
    meaning:
      'A sender that trickles would hold a connection for ever. The connection is closed. A forwarder sends an event again after a 408.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    advice: 'Send fewer and shorter headers; an event needs five.',
    meaning: 'The headers of the request exceed what the server reads. The connection is closed.',
  },
  validation_failed: {
    status: 422,
    title: 'Some values are not as they should be',
    advice: 'Change what `errors` names: each has a JSON pointer and what was expected.',
    meaning:
      'A parameter of the address, or a value of the body, of a route that takes no events. `detail` and `errors` name each of them; nothing was done.',
  },
} as const satisfies Readonly<Record<string, Omit<Problem, 'scope'> & { meaning: string }>>;

export type MoreProblemCode = keyof typeof MORE_PROBLEMS;
export const MORE_PROBLEM_CODES = Object.keys(MORE_PROBLEMS) as readonly MoreProblemCode[];
