import { createHash } from 'node:crypto';
import type { Request } from '@scholar/runtime/http';

/** A network address is personal data: the table of attempts keeps a salted hash, which is enough to count. */
export function clientOf(request: Request, salt: string): string | undefined {
  return request.ip && createHash('sha256').update(`${salt}:${request.ip}`).digest('base64url');
}
