import { HttpProblem, type RequestHandler } from '../http/index.ts';
import { visitorOf } from './visitor.ts';

/**
 * Middleware for what belongs to a person: refuses services. Nobody and a probe go on; they are judged where they get to.
 * Answers 403 `forbidden`.
 */
export const onlyPeople: RequestHandler = (_request, response, next) => {
  if (visitorOf(response).principal?.kind !== 'service') return next();
  throw new HttpProblem({
    status: 403,
    code: 'forbidden',
    detail:
      "This is for people who sign in, and the token of a service is nobody's. Ask the services behind these pages instead.",
  });
};
