import type { Request } from '@scholar/runtime/http';

/** The address by which people reach this service, without a trailing slash. */
export type PublicBase = (request: Request) => string;

/** @param configured A7_PUBLIC_URL; without it the address that the request came to. */
export function createPublicBase(configured: string | undefined): PublicBase {
  const base = configured?.replace(/\/+$/, '');
  return (request) => base ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}
