import { principalOf } from '@scholar/runtime/auth';
import { type Express, logOf, type RequestHandler, validated } from '@scholar/runtime/http';
import { refreshTokenSchema } from '../http/credentials-schema.ts';
import { invalidRefreshToken } from '../http/problems.ts';
import type { RefreshVerdict } from './judge-refresh.ts';
import type { SessionService } from './session-service.ts';

/**
 * POST /refresh: 200 the next token pair, 401 `invalid_refresh_token`. POST /logout: 204, whatever the token was.
 * POST /logout/everywhere, with the access token of a person: 204, all sessions of that person ended; 401, 403.
 */
export function sessionRoutes(
  app: Express,
  {
    sessions,
    onRefresh,
    onlyPeople,
  }: {
    sessions: SessionService;
    onRefresh: (outcome: RefreshVerdict) => void;
    onlyPeople: RequestHandler[];
  },
): void {
  app.post('/refresh', async (request, response) => {
    const { refresh_token: token } = validated(refreshTokenSchema, request.body);
    const outcome = await sessions.refresh(token);
    onRefresh(outcome.ok ? 'rotate' : outcome.why);
    if (!outcome.ok) {
      if (outcome.why === 'reused') logOf(response).info('a refresh token came twice; its session was ended');
      throw invalidRefreshToken();
    }
    response.set('cache-control', 'no-store').json(outcome.tokens);
  });

  app.post('/logout', async (request, response) => {
    const { refresh_token: token } = validated(refreshTokenSchema, request.body);
    await sessions.close(token);
    response.status(204).end();
  });

  app.post('/logout/everywhere', ...onlyPeople, async (_request, response) => {
    const principal = principalOf(response);
    if (principal) await sessions.closeAll(principal.subject);
    response.status(204).end();
  });
}
