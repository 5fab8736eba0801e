import { type Express, type Request, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import { invalidClient, notConfigured } from '../http/problems.ts';
import type { AccessTokens } from '../tokens/access-tokens.ts';
import { parseBasic, type ServiceClients } from './service-clients.ts';

const tokenRequest = z.object({
  grant_type: z.literal('client_credentials', { error: 'client_credentials, the only grant of this route' }),
  client_id: z.string().max(64).optional(),
  client_secret: z.string().max(1_024).optional(),
});

/**
 * POST /oauth/token (RFC 6749, section 4.4): label and secret by Basic or in the body (form or JSON);
 * 200 a service token without a refresh token, 401 `invalid_client`, 503 without SERVICE_CLIENTS_DIR.
 */
export function tokenRoute(
  app: Express,
  deps: { clients: ServiceClients | undefined; accessTokens: AccessTokens },
): void {
  app.post('/oauth/token', async (request, response) => {
    if (!deps.clients) throw notConfigured('SERVICE_CLIENTS_DIR', 'services cannot get tokens');
    const body = validated(tokenRequest, request.body);
    const client = credentialsOf(request, body);
    const label = client && (await deps.clients.verify(client.label, client.secret));
    if (!label) throw invalidClient();
    const token = await deps.accessTokens.issue({
      subject: label,
      kind: 'service',
      roles: ['service'],
      label,
    });
    response.set('cache-control', 'no-store').json(token);
  });
}

function credentialsOf(request: Request, body: z.infer<typeof tokenRequest>) {
  const basic = parseBasic(request.get('authorization'));
  if (basic) return basic;
  if (body.client_id === undefined || body.client_secret === undefined) return undefined;
  return { label: body.client_id, secret: body.client_secret };
}
