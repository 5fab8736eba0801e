import { isUtf8 } from 'node:buffer';
import { MAX_BODY_BYTES } from '@scholar/contract';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { HttpProblem } from './http-problem.ts';

const JSON_TYPES = ['application/json', 'application/*+json'];
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Parses bodies: JSON and forms into values, and the paths of `rawBodyPaths` into a Buffer of exactly the bytes that
 * were sent (a signature is computed over them). Any other body is refused with 415, before it is read.
 */
export function useBodyParsers(app: Express, rawBodyPaths: readonly string[]): void {
  for (const path of rawBodyPaths) app.use(path, express.raw({ type: () => true, limit: MAX_BODY_BYTES }));
  app.use(refuseOtherTypes(new Set(rawBodyPaths)));
  app.use(express.json({ type: JSON_TYPES, limit: MAX_BODY_BYTES, verify: refuseBadUtf8 }));
  app.use(
    express.urlencoded({ type: FORM_TYPE, limit: MAX_BODY_BYTES, extended: false, parameterLimit: 200 }),
  );
  app.use(refuseUnstorable);
}

function refuseOtherTypes(rawBodyPaths: ReadonlySet<string>): RequestHandler {
  return (request, _response, next) => {
    if (rawBodyPaths.has(request.path) || !hasBody(request) || isReadable(request)) {
      next();
      return;
    }
    const detail =
      'This content-type is not supported. Send application/json (or a form) in UTF-8 and say so.';
    next(new HttpProblem({ status: 415, code: 'unsupported_media_type', detail }));
  };
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

function isReadable(request: Request): boolean {
  // body-parser would take any charset whose name begins with "utf-"; ours is the one that JSON has (RFC 8259).
  const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1]?.toLowerCase();
  return (charset ?? 'utf-8') === 'utf-8' && Boolean(request.is([...JSON_TYPES, FORM_TYPE]));
}

function refuseBadUtf8(_request: unknown, _response: unknown, body: Buffer): void {
  if (isUtf8(body)) return;
  throw Object.assign(new Error('the body is not UTF-8'), { type: 'entity.parse.failed', status: 400 });
}

/**
 * PostgreSQL has neither NUL nor half of a surrogate pair in text: let in, they would surface as a failed statement
 * and look like a fault of ours.
 */
const refuseUnstorable: RequestHandler = (request, _response, next) => {
  const inBody = Buffer.isBuffer(request.body) ? false : holdsUnstorable(request.body);
  if (!inBody && !/%00/.test(request.originalUrl)) {
    next();
    return;
  }
  const detail = 'A text holds U+0000 or half of a surrogate pair, which cannot be stored. Leave it out.';
  next(new HttpProblem({ status: 400, code: 'invalid_body', detail }));
};

function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => holdsUnstorable(key) || holdsUnstorable(member));
}
