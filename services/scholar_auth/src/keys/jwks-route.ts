import type { Express } from '@scholar/runtime/http';
import type { SigningKeys } from './signing-keys.ts';

/**
 * GET /.well-known/jwks.json (RFC 7517). Caches may keep it for five minutes and go on using it for a day while this
 * service is away: a key is published long before it signs, and after it signed its last token.
 */
export function jwksRoute(app: Express, keys: SigningKeys): void {
  app.get('/.well-known/jwks.json', async (_request, response) => {
    const jwks = await keys.jwks();
    response.set('cache-control', 'public, max-age=300, stale-if-error=86400').json(jwks);
  });
}
